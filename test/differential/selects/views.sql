-- name: simple
CREATE VIEW v AS SELECT id, name, age FROM users WHERE active;
SELECT * FROM v WHERE id = 7;
SELECT count(*), max(age) FROM v;
SELECT v.id, o.id FROM v JOIN orders o ON o.user_id = v.id WHERE o.quantity = 9;
DROP VIEW v;
-- name: renamed_columns
CREATE VIEW v (k, label) AS SELECT id, upper(name) FROM users;
SELECT k FROM v WHERE label LIKE 'USER A%' AND k < 60;
SELECT label FROM v WHERE k = 9;
DROP VIEW v;
-- name: aggregating
CREATE VIEW v AS SELECT user_id, count(*) AS n, sum(total) AS total FROM orders GROUP BY user_id;
SELECT * FROM v WHERE user_id = 7;
SELECT u.name, v.n FROM users u JOIN v ON v.user_id = u.id WHERE v.n > 3;
SELECT avg(n) FROM v;
DROP VIEW v;
-- name: joining
CREATE VIEW v AS SELECT u.id, u.name, c.name AS country, o.total FROM users u LEFT JOIN country c ON c.code = u.country LEFT JOIN orders o ON o.user_id = u.id;
SELECT * FROM v WHERE id = 7 AND total > 500;
SELECT country, sum(total) FROM v GROUP BY country;
DROP VIEW v;
-- name: union
CREATE VIEW v AS SELECT user_id, 'o' AS source FROM orders UNION ALL SELECT user_id, 'e' FROM events;
SELECT source, count(*) FROM v GROUP BY source;
SELECT source, count(*) FROM v WHERE user_id = 7 GROUP BY source;
DROP VIEW v;
-- name: of_view
CREATE VIEW a AS SELECT * FROM users WHERE age > 30;
CREATE VIEW b AS SELECT id, country FROM a WHERE country IS NOT NULL;
SELECT country, count(*) FROM b GROUP BY country;
DROP VIEW a CASCADE;
-- name: security_barrier
CREATE VIEW v WITH (security_barrier) AS SELECT * FROM users WHERE active;
SELECT id FROM v WHERE age > 60 AND name LIKE 'user%';
SELECT id FROM v WHERE id = 8;
DROP VIEW v;
-- name: materialized
CREATE MATERIALIZED VIEW m AS SELECT country, count(*) AS n FROM users GROUP BY country;
SELECT * FROM m;
REFRESH MATERIALIZED VIEW m;
SELECT u.id, m.n FROM users u JOIN m ON m.country = u.country WHERE u.id < 9;
DROP MATERIALIZED VIEW m;
-- name: with_window
CREATE VIEW v AS SELECT user_id, id, row_number() OVER (PARTITION BY user_id ORDER BY id) AS n FROM orders;
SELECT * FROM v WHERE n = 1;
SELECT * FROM v WHERE user_id = 7 AND n < 4;
DROP VIEW v;
-- name: create_table_as
CREATE TABLE made AS SELECT u.id, count(o.id) AS n FROM users u LEFT JOIN orders o ON o.user_id = u.id GROUP BY u.id;
SELECT * FROM made;
DROP TABLE made;
-- name: select_into
SELECT id, name INTO made FROM users WHERE id < 20;
SELECT * FROM made;
DROP TABLE made;
-- name: temporary_table_joined
CREATE TEMP TABLE picked AS SELECT id FROM users WHERE id % 10 = 0;
SELECT p.id, o.id FROM picked p JOIN orders o ON o.user_id = p.id;
DROP TABLE picked;
