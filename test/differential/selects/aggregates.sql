-- name: count
SELECT count(*), count(age), count(DISTINCT country) FROM users;
-- name: no_rows
SELECT count(*), sum(n), max(v), array_agg(id) FROM empty_log;
-- name: filtered_to_nothing
SELECT count(*), sum(age) FROM users WHERE age > 1000;
-- name: numbers
SELECT sum(quantity), sum(user_id), sum(total), avg(quantity), avg(total), min(price), max(price) FROM orders;
-- name: floats
SELECT sum(weight), avg(weight), min(weight), max(weight) FROM orders;
-- name: spread
SELECT stddev(quantity), stddev_pop(total), variance(price), var_pop(weight), stddev_samp(weight) FROM orders;
-- name: regression
SELECT corr(weight, quantity), regr_slope(weight, quantity), covar_pop(weight, quantity), regr_count(weight, price) FROM orders;
-- name: booleans
SELECT bool_and(active), bool_or(active), every(age > 3) FROM users;
-- name: bits
SELECT bit_and(quantity), bit_or(quantity), bit_xor(id) FROM orders;
-- name: dates
SELECT min(day), max(day), min(placed), max(placed), avg(placed - day), sum(placed - timestamp '2024-01-01') FROM orders;
-- name: texts
SELECT min(name), max(name), min(country), string_agg(DISTINCT country, ',' ORDER BY country) FROM users;
-- name: string_agg_ordered
SELECT country, string_agg(name, '; ' ORDER BY id DESC) FROM users GROUP BY country;
-- name: array_agg_ordered
SELECT user_id, array_agg(id ORDER BY id), array_agg(quantity ORDER BY total DESC NULLS LAST, id) FROM orders GROUP BY user_id;
-- name: array_agg_arrays
SELECT array_agg(ARRAY[id, 1] ORDER BY id) FROM sparse;
-- name: json_agg
SELECT json_agg(id ORDER BY id), jsonb_agg(v ORDER BY id) FROM sparse;
-- name: json_object_agg
SELECT json_object_agg(id, v ORDER BY id), jsonb_object_agg(id, v) FROM sparse;
-- name: distinct
SELECT count(DISTINCT quantity), sum(DISTINCT quantity), avg(DISTINCT quantity) FROM orders;
-- name: distinct_by_key
SELECT user_id, count(DISTINCT quantity), count(DISTINCT item_code) FROM orders GROUP BY user_id;
-- name: distinct_two
SELECT count(DISTINCT (user_id, quantity)) FROM orders;
-- name: count_distinct_key
SELECT count(DISTINCT user_id), count(user_id), count(*) FROM events;
-- name: filter
SELECT count(*) FILTER (WHERE quantity > 5), sum(total) FILTER (WHERE user_id = 7), min(id) FILTER (WHERE false) FROM orders;
-- name: filter_grouped
SELECT kind, count(*) FILTER (WHERE amount > 6) AS big, sum(value) FILTER (WHERE user_id IS NULL) FROM events GROUP BY kind;
-- name: group_by_key
SELECT user_id, count(*), sum(total) FROM orders GROUP BY user_id;
-- name: group_by_null_key
SELECT user_id, count(*), min(kind) FROM events GROUP BY user_id HAVING count(*) > 2;
-- name: group_by_key_and_more
SELECT user_id, quantity, count(*) FROM orders GROUP BY user_id, quantity;
-- name: group_by_other
SELECT country, count(*), avg(score) FROM users GROUP BY country;
-- name: group_by_expression
SELECT age / 10 AS decade, count(*), avg(age) FROM users GROUP BY age / 10;
-- name: group_by_primary_key
SELECT id, name, age, count(*) FROM users GROUP BY id;
-- name: group_by_constant
SELECT 'x', count(*) FROM users GROUP BY 1;
-- name: group_by_nothing_empty
SELECT count(*) FROM empty_log GROUP BY ();
-- name: group_by_joined
SELECT c.name, count(*), sum(o.total) FROM orders o JOIN users u ON u.id = o.user_id JOIN country c ON c.code = u.country GROUP BY c.name;
-- name: group_by_position_ordered
-- ordered
SELECT category, count(*), sum(stock) FROM items GROUP BY 1 ORDER BY 3 DESC, 1;
-- name: having_only
SELECT 1 FROM users HAVING count(*) > 100;
-- name: having_without_output
SELECT country FROM users GROUP BY country HAVING avg(age) > 45 AND country IS NOT NULL;
-- name: percentile
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY weight), percentile_disc(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY quantity) FROM orders;
-- name: mode
SELECT quantity % 2, mode() WITHIN GROUP (ORDER BY quantity) FROM orders GROUP BY 1;
-- name: hypothetical
SELECT rank(30) WITHIN GROUP (ORDER BY age), cume_dist(30) WITHIN GROUP (ORDER BY age), dense_rank(30) WITHIN GROUP (ORDER BY age) FROM users;
-- name: nested_expression
SELECT sum(quantity) * 1.0 / count(*) + max(length(remark)), coalesce(sum(NULL::int), -1) FROM orders;
-- name: of_case
SELECT sum(CASE WHEN quantity > 5 THEN total ELSE 0 END), count(CASE WHEN remark IS NULL THEN 1 END) FROM orders;
-- name: of_reference
SELECT continent, count(*), sum(population), avg(area) FROM country GROUP BY continent;
-- name: over_join_colocated
SELECT u.country, count(DISTINCT o.user_id), sum(o.quantity) FROM users u JOIN orders o ON o.user_id = u.id GROUP BY u.country;
-- name: over_join_non_colocated
SELECT i.category, count(*), sum(o.quantity * i.price) FROM orders o JOIN items i ON i.code = o.item_code GROUP BY i.category;
-- name: over_aggregate
SELECT max(n), min(n), avg(n) FROM (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id) s;
-- name: wide
SELECT count(*), count(id), sum(id), min(id), max(id), count(name), min(name), count(email), max(email), avg(age), sum(age), sum(score), min(created), max(created) FROM users;
-- name: distinct_rows
SELECT DISTINCT country, active FROM users;
-- name: distinct_ordered
-- ordered
SELECT DISTINCT quantity, day FROM orders WHERE user_id = 7 ORDER BY day, quantity DESC;
-- name: distinct_on
-- ordered
SELECT DISTINCT ON (country) country, id, age FROM users ORDER BY country, age DESC NULLS LAST, id;
-- name: distinct_on_key
SELECT DISTINCT ON (user_id) user_id, id, total FROM orders ORDER BY user_id, total DESC NULLS LAST, id;
-- name: distinct_on_expression
-- ordered
SELECT DISTINCT ON (day - date '2024-03-01' > 25) day, user_id, id FROM orders ORDER BY day - date '2024-03-01' > 25, day, user_id, id;
-- name: distinct_null_key
SELECT DISTINCT user_id FROM events;
-- name: user_defined
CREATE AGGREGATE product (int) (SFUNC = int4mul, STYPE = int, INITCOND = '1');
SELECT quantity, product(quantity) FROM orders WHERE id < 30 GROUP BY quantity;
DROP AGGREGATE product (int);
-- name: whole_row
SELECT count(s), count(s.*), max(s.id) FROM sparse s;
-- name: min_of_enum
SELECT min(feeling), max(feeling), count(DISTINCT feeling) FROM users;
-- name: group_by_enum
-- ordered
SELECT feeling, count(*) FROM users GROUP BY feeling ORDER BY feeling NULLS FIRST;
-- name: group_by_jsonb
SELECT profile -> 'level', count(*) FROM users GROUP BY profile -> 'level';
-- name: group_by_array
SELECT tags, count(*) FROM users GROUP BY tags;
-- name: overflow
-- error: 22003
SELECT sum(quantity)::smallint * 30000::smallint FROM orders WHERE user_id = 7;
-- name: division_by_zero
-- error: 22012
SELECT sum(1 / (quantity - 3)) FROM orders;
