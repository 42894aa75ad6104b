-- name: whole_table
-- ordered
SELECT id, name, age FROM users ORDER BY age NULLS FIRST, name DESC, id;
-- name: descending
-- ordered
SELECT user_id, id, total FROM orders ORDER BY total DESC NULLS LAST, user_id DESC, id;
-- name: by_key
-- ordered
SELECT user_id, id FROM orders ORDER BY user_id, id;
-- name: null_keys
-- ordered
SELECT user_id, kind, amount, value, at FROM events ORDER BY user_id DESC, kind, amount, value, at;
-- name: by_expression
-- ordered
SELECT id, upper(name) FROM users ORDER BY length(name) * 2 DESC, lower(country) NULLS FIRST, id;
-- name: by_hidden_expression
-- ordered
SELECT name FROM users ORDER BY coalesce(age, 0) % 10, id DESC;
-- name: by_collation
-- ordered
SELECT name, id FROM users ORDER BY country COLLATE "C" DESC NULLS LAST, name COLLATE "POSIX", id;
-- name: by_operator
-- ordered
SELECT user_id, id FROM orders ORDER BY id USING >, user_id USING <;
-- name: of_types
-- ordered
SELECT feeling, tags, created, id FROM users ORDER BY feeling, tags, created DESC, active, score, id;
-- name: of_dates_and_floats
-- ordered
SELECT weight, day, placed, user_id, id FROM orders ORDER BY weight DESC, day NULLS FIRST, placed, user_id, id;
-- name: with_constant
-- ordered
SELECT 1 AS one, id FROM users ORDER BY one, id DESC;
-- name: joined
-- ordered
SELECT u.name, o.id, o.total FROM users u LEFT JOIN orders o ON o.user_id = u.id ORDER BY o.total NULLS FIRST, u.id, o.id;
-- name: limited_by_subquery
-- ordered
SELECT id FROM users ORDER BY age, id LIMIT (SELECT count(*) FROM country) OFFSET 2;
-- name: far_offset
-- ordered
SELECT user_id, id FROM orders ORDER BY quantity, user_id, id LIMIT 5 OFFSET 300;
-- name: with_ties
SELECT age FROM users ORDER BY age DESC NULLS LAST FETCH FIRST 4 ROWS WITH TIES;
-- name: with_ties_and_offset
SELECT user_id, quantity FROM orders ORDER BY quantity OFFSET 7 FETCH FIRST 2 ROWS WITH TIES;
-- name: with_ties_of_nothing
SELECT id FROM users ORDER BY active FETCH FIRST 0 ROWS WITH TIES;
-- name: with_ties_grouped
SELECT country, count(*) FROM users GROUP BY country ORDER BY count(*) FETCH FIRST 2 ROWS WITH TIES;
-- name: no_rows
-- ordered
SELECT * FROM empty_log ORDER BY n DESC, id;
-- name: aggregate_of_ordered
SELECT array_agg(name) FROM (SELECT name FROM users ORDER BY age NULLS LAST, id) s;
-- name: asked_again
SELECT c.code, (SELECT u.name FROM users u WHERE u.country >= c.code ORDER BY u.country DESC NULLS LAST, u.id LIMIT 1) FROM country c;
-- name: two_at_once
-- ordered
SELECT a.id, b.id FROM (SELECT id, age FROM users ORDER BY age, id LIMIT 40) a JOIN (SELECT id, age FROM users ORDER BY age DESC, id LIMIT 60) b ON a.age = b.age ORDER BY a.id, b.id;
-- name: scroll_cursor
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT user_id, id FROM orders ORDER BY total, user_id, id;
-- ordered
FETCH 4 FROM c;
-- ordered
FETCH BACKWARD 2 FROM c;
-- ordered
FETCH LAST FROM c;
COMMIT;
-- name: two_cursors
BEGIN;
DECLARE c CURSOR FOR SELECT user_id, id FROM orders ORDER BY total, user_id, id;
DECLARE d CURSOR FOR SELECT id FROM users ORDER BY name DESC, id;
-- ordered
FETCH 3 FROM c;
-- ordered
FETCH 3 FROM d;
-- ordered
FETCH 3 FROM c;
-- ordered
FETCH 100 FROM d;
-- ordered
FETCH 100 FROM c;
COMMIT;
-- name: prepared
PREPARE sorted (int) AS SELECT id, name FROM users WHERE age > $1 ORDER BY age + $1, id;
-- ordered
EXECUTE sorted (20);
-- ordered
EXECUTE sorted (40);
DEALLOCATE sorted;
-- name: error_on_the_way
-- error: 22012
SELECT id FROM orders ORDER BY 1 / (quantity - 3), id;

-- name: groups_of_undivided_aggregates
SELECT country, array_agg(id ORDER BY name DESC, id), percentile_cont(0.4) WITHIN GROUP (ORDER BY score) FROM users GROUP BY country;
-- name: groups_by_expression
SELECT lower(country), age % 3, string_agg(name, ',' ORDER BY id) FROM users GROUP BY lower(country), age % 3;
-- name: window_of_other_columns
-- ordered
SELECT quantity, user_id, id, rank() OVER (PARTITION BY quantity ORDER BY total DESC NULLS LAST, user_id, id) FROM orders ORDER BY quantity, user_id, id;
-- name: windows_of_two_orders
SELECT id, rank() OVER (PARTITION BY country ORDER BY age, id), lag(id) OVER (ORDER BY name DESC, id) FROM users;
-- name: window_over_join
SELECT o.id, u.id, first_value(u.name) OVER (PARTITION BY o.quantity ORDER BY u.name, o.id) FROM orders o JOIN users u ON u.id = o.user_id;
-- name: distinct_on_other_columns
-- ordered
SELECT DISTINCT ON (country, active) country, active, id FROM users ORDER BY country NULLS FIRST, active DESC, age DESC NULLS LAST, id;
-- name: window_of_enum_and_array
SELECT id, row_number() OVER (PARTITION BY feeling, tags ORDER BY id) FROM users;
