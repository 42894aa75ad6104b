-- name: row_number
SELECT id, row_number() OVER (ORDER BY score DESC, id) FROM users;
-- name: rank_by_key
SELECT user_id, id, rank() OVER (PARTITION BY user_id ORDER BY quantity DESC), dense_rank() OVER (PARTITION BY user_id ORDER BY quantity DESC) FROM orders;
-- name: by_other_column
SELECT id, country, rank() OVER (PARTITION BY country ORDER BY age, id), count(*) OVER (PARTITION BY country) FROM users;
-- name: running_sum
SELECT user_id, id, sum(total) OVER (PARTITION BY user_id ORDER BY id) FROM orders;
-- name: frame_rows
SELECT id, avg(age) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING) FROM users;
-- name: frame_range
SELECT id, age, count(*) OVER (ORDER BY age RANGE BETWEEN 3 PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW) FROM users;
-- name: frame_groups
SELECT id, quantity, sum(id) OVER (ORDER BY quantity GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM orders WHERE user_id = 7;
-- name: lag_lead
SELECT id, lag(id) OVER w, lead(id, 2, -1) OVER w, first_value(name) OVER w, last_value(id) OVER w, nth_value(id, 3) OVER w FROM users WINDOW w AS (PARTITION BY active ORDER BY id);
-- name: ntile
SELECT id, ntile(4) OVER (ORDER BY id), percent_rank() OVER (ORDER BY age NULLS FIRST, id) FROM users;
-- name: over_aggregate
SELECT country, count(*), rank() OVER (ORDER BY count(*) DESC, country) FROM users GROUP BY country;
-- name: over_key_aggregate
SELECT user_id, sum(quantity), sum(sum(quantity)) OVER (ORDER BY user_id) FROM orders GROUP BY user_id;
-- name: two_windows
SELECT id, sum(age) OVER (PARTITION BY country), sum(age) OVER (PARTITION BY active, feeling) FROM users;
-- name: filter
SELECT id, count(*) FILTER (WHERE age > 40) OVER (PARTITION BY country) FROM users;
-- name: top_per_group
SELECT * FROM (SELECT user_id, id, row_number() OVER (PARTITION BY user_id ORDER BY total DESC NULLS LAST, id) AS n FROM orders) s WHERE n <= 2;
-- name: over_null_keys
SELECT user_id, kind, amount, count(*) OVER (PARTITION BY user_id) FROM events;
-- name: over_join
SELECT u.id, o.id, max(o.total) OVER (PARTITION BY u.country) FROM users u JOIN orders o ON o.user_id = u.id WHERE o.quantity > 7;
-- name: ordered_output
-- ordered
SELECT id, sum(score) OVER (ORDER BY id) AS s FROM users ORDER BY s DESC LIMIT 10;
-- name: distinct_over_window
SELECT DISTINCT country, max(age) OVER (PARTITION BY country) FROM users;
-- name: empty
SELECT id, count(*) OVER () FROM empty_log;
