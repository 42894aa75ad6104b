-- name: window_by_key
-- ordered
SELECT user_id, id, row_number() OVER (PARTITION BY user_id ORDER BY total DESC NULLS LAST, id), sum(quantity) OVER (PARTITION BY user_id) FROM orders ORDER BY user_id, id LIMIT 20;
-- name: window_unordered
SELECT user_id, kind, lag(value) OVER w, count(*) OVER w FROM events WINDOW w AS (PARTITION BY user_id ORDER BY value, at, kind);
-- name: window_over_groups
-- ordered
SELECT user_id, quantity, count(*), rank() OVER (PARTITION BY user_id ORDER BY count(*) DESC, quantity) FROM orders GROUP BY user_id, quantity ORDER BY count(*) DESC, user_id, quantity LIMIT 9 OFFSET 3;
-- name: windows_of_two_kinds
SELECT user_id, id, sum(quantity) OVER (PARTITION BY user_id), sum(quantity) OVER () FROM orders;
-- name: window_and_filter
SELECT u.name, o.id, first_value(o.day) OVER (PARTITION BY o.user_id ORDER BY o.id) FROM orders o JOIN users u ON u.id = o.user_id WHERE u.age > 30;
-- name: distinct_over_window
SELECT DISTINCT user_id, max(quantity) OVER (PARTITION BY user_id) FROM orders;
-- name: distinct_on_key
-- ordered
SELECT DISTINCT ON (user_id) user_id, id, total FROM orders ORDER BY user_id DESC, total DESC NULLS LAST, id LIMIT 7;
-- name: distinct_on_hidden_columns
-- ordered
SELECT DISTINCT ON (o.user_id, o.quantity) o.day FROM orders o JOIN users u ON u.id = o.user_id ORDER BY o.user_id, o.quantity, o.id DESC;
-- name: distinct_on_null_key
-- ordered
SELECT DISTINCT ON (user_id) user_id, kind, amount FROM events ORDER BY user_id NULLS FIRST, kind DESC, amount, value, at;
-- name: distinct_on_other
-- ordered
SELECT DISTINCT ON (kind) kind, user_id FROM events ORDER BY kind, user_id NULLS LAST;
-- name: groups_limited
-- ordered
SELECT user_id, sum(total) FROM orders GROUP BY user_id ORDER BY sum(total) DESC NULLS LAST, user_id LIMIT 4;
-- name: groups_limited_hidden
-- ordered
SELECT count(*) FROM orders GROUP BY user_id, day ORDER BY max(id) DESC, user_id, day NULLS FIRST LIMIT 5 OFFSET 1;
-- name: distinct_groups
SELECT DISTINCT count(*) FROM orders GROUP BY user_id ORDER BY 1 LIMIT 3;
-- name: with_ties
-- ordered
SELECT user_id, count(*) AS n FROM orders GROUP BY user_id ORDER BY n DESC FETCH FIRST 1 ROW WITH TIES;
-- name: sets_by_key
SELECT user_id, kind, count(*), grouping(kind) FROM events GROUP BY GROUPING SETS ((user_id), (user_id, kind));
-- name: sets_not_by_key
SELECT user_id, kind, count(*), rank() OVER (PARTITION BY user_id ORDER BY count(*)) FROM events GROUP BY ROLLUP (user_id), kind;
-- name: union
-- ordered
SELECT id, name FROM users WHERE age < 30 UNION SELECT user_id, remark FROM orders ORDER BY 1 DESC, 2 NULLS FIRST LIMIT 12;
-- name: with
-- ordered
WITH big AS (SELECT user_id, id, quantity FROM orders WHERE quantity > 2) SELECT big.*, ntile(3) OVER (PARTITION BY user_id ORDER BY id) FROM big ORDER BY user_id, id DESC LIMIT 10;
-- name: prepared
PREPARE ranked (int, int) AS SELECT user_id, id, rank() OVER (PARTITION BY user_id ORDER BY quantity + $1, id) AS r FROM orders ORDER BY r DESC, user_id, id LIMIT $2;
-- ordered
EXECUTE ranked (1, 5);
-- ordered
EXECUTE ranked (2, 3);
DEALLOCATE ranked;
-- name: view
CREATE VIEW ranked AS SELECT user_id, id, rank() OVER (PARTITION BY user_id ORDER BY total DESC, id) AS r FROM orders;
-- ordered
SELECT * FROM ranked WHERE r = 1 ORDER BY user_id LIMIT 5;
DROP VIEW ranked;
-- name: created_table
CREATE TABLE made AS SELECT user_id, id, row_number() OVER (PARTITION BY user_id ORDER BY id) AS n FROM orders ORDER BY user_id;
SELECT * FROM made;
DROP TABLE made;
-- name: cursor
BEGIN;
DECLARE c CURSOR FOR SELECT user_id, id, count(*) OVER (PARTITION BY user_id) FROM orders ORDER BY id, user_id;
-- ordered
FETCH 3 FROM c;
-- ordered
FETCH 3 FROM c;
COMMIT;
-- name: whole_rows
SELECT o, row_number() OVER (PARTITION BY user_id ORDER BY id) FROM orders o WHERE id < 4;
-- name: volatile
SELECT count(*) FROM (SELECT user_id, random() < 2 AS sure, row_number() OVER (PARTITION BY user_id ORDER BY id) FROM orders) s WHERE sure;
-- name: error_in_a_window
-- error: 22012
SELECT user_id, sum(1 / (quantity - 3)) OVER (PARTITION BY user_id) FROM orders ORDER BY 1;

-- name: distinct_on_of_tasks
-- ordered
SELECT DISTINCT ON (kind, amount) kind, amount, user_id FROM events ORDER BY kind NULLS FIRST, amount DESC, user_id NULLS LAST;
-- name: distinct_on_of_tasks_limited
-- ordered
SELECT DISTINCT ON (country) id FROM users ORDER BY country DESC, age NULLS FIRST, id LIMIT 4 OFFSET 1;
-- name: distinct_on_expression_of_tasks
-- ordered
SELECT DISTINCT ON (lower(country), active) name, id FROM users ORDER BY lower(country) NULLS FIRST, active, name DESC, id;
-- name: distinct_on_more_than_ordered
SELECT count(*), count(kind) FROM (SELECT DISTINCT ON (kind, amount) kind, amount FROM events ORDER BY kind) s;
-- name: distinct_on_constant
-- ordered
SELECT DISTINCT ON (country, 'x'::text) country, id FROM users ORDER BY country, 'x'::text, id;
-- name: distinct_on_joined
-- ordered
SELECT DISTINCT ON (o.quantity) o.quantity, u.name, o.id FROM orders o JOIN users u ON u.id = o.user_id ORDER BY o.quantity, u.name DESC, u.id, o.id;
-- name: distinct_on_unordered
SELECT count(*) FROM (SELECT DISTINCT ON (country, active) id FROM users) s;
