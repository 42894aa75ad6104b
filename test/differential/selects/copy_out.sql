-- name: table
COPY users TO STDOUT;
-- name: csv
COPY orders TO STDOUT (FORMAT csv, HEADER);
-- name: columns
COPY items (code, price, attributes, position) TO STDOUT;
-- name: options
COPY events (user_id, kind, payload) TO STDOUT (FORMAT csv, DELIMITER ';', NULL 'nothing', QUOTE '''', FORCE_QUOTE (kind));
-- name: query
-- ordered
COPY (SELECT id, name FROM users ORDER BY id) TO STDOUT;
-- name: query_aggregate
COPY (SELECT country, count(*) FROM users GROUP BY country) TO STDOUT (FORMAT csv);
-- name: reference
COPY country TO STDOUT;
-- name: empty
COPY empty_log TO STDOUT (FORMAT csv, HEADER);
-- name: odd_names
COPY filled (k, "Odd Name", "select") TO STDOUT (FORMAT csv, HEADER);
-- name: unknown_column
-- error: 42703
COPY users (nothing) TO STDOUT;
