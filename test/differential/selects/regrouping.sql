-- name: count_distinct_several
SELECT country, count(DISTINCT age), count(DISTINCT feeling), count(*), sum(score), avg(age) FROM users GROUP BY country;
-- name: count_distinct_ungrouped
SELECT count(DISTINCT country), count(DISTINCT age / 10), sum(DISTINCT age), count(*) FROM users;
-- name: of_one_column
SELECT kind, count(DISTINCT amount), sum(DISTINCT amount), max(DISTINCT amount), array_agg(DISTINCT amount), array_agg(DISTINCT amount ORDER BY amount DESC) FROM events GROUP BY kind;
-- name: with_states_of_every_kind
SELECT kind, count(DISTINCT user_id), count(value), stddev(value), avg(amount), bool_or(amount > 3), max(at), min(kind), regr_slope(value, amount) FROM events GROUP BY kind;
-- name: several_with_states
SELECT active, count(DISTINCT country), count(DISTINCT age), sum(score), variance(score), avg(age), bit_or(age) FROM users GROUP BY active;
-- name: of_rows
SELECT quantity, count(DISTINCT (day, item_code)), count(DISTINCT (id % 3, remark)) FROM orders GROUP BY quantity;
-- name: string_agg
SELECT category, string_agg(DISTINCT origin, ',' ORDER BY origin DESC), string_agg(DISTINCT name, '+'), count(*) FROM items GROUP BY category;
-- name: filter
SELECT kind, count(DISTINCT amount) FILTER (WHERE value > 2), count(DISTINCT amount) FILTER (WHERE user_id IS NULL), count(DISTINCT amount) FROM events GROUP BY kind;
-- name: filter_with_states
SELECT count(DISTINCT country) FILTER (WHERE age > 30), count(*) FILTER (WHERE age > 30), sum(score) FILTER (WHERE active) FROM users;
-- name: of_key
SELECT kind, count(DISTINCT user_id), sum(DISTINCT user_id), count(user_id) FROM events GROUP BY kind;
-- name: of_key_with_others
SELECT quantity, count(DISTINCT user_id), count(DISTINCT day), count(DISTINCT user_id) FILTER (WHERE id < 9), sum(total) FROM orders GROUP BY quantity;
-- name: of_the_group
SELECT country, count(DISTINCT country), count(DISTINCT age), count(DISTINCT upper(country)) FROM users GROUP BY country;
-- name: of_constants
SELECT country, count(DISTINCT 1), count(DISTINCT NULL::int), count(DISTINCT age) FROM users GROUP BY country;
-- name: group_of_expression
SELECT age / 10, (age / 10) * 2 + 1, count(DISTINCT country), count(DISTINCT age / 10), sum(age / 10) FROM users GROUP BY age / 10;
-- name: having
SELECT country, sum(age) FROM users GROUP BY country HAVING count(DISTINCT age) > 3 AND count(DISTINCT feeling) > 1 AND avg(age) > 10;
-- name: no_rows
SELECT count(DISTINCT v), count(DISTINCT n), sum(n), count(*) FROM empty_log;
-- name: no_groups
SELECT v, count(DISTINCT n), count(DISTINCT id), count(*) FROM empty_log GROUP BY v;
-- name: ordered_by_it
-- ordered
SELECT country, count(DISTINCT age) FROM users GROUP BY country ORDER BY count(DISTINCT age) DESC, country NULLS FIRST LIMIT 4;
-- name: windows_above
-- ordered
SELECT country, count(DISTINCT age), rank() OVER (ORDER BY count(DISTINCT age) DESC, country), sum(count(*)) OVER () FROM users GROUP BY country ORDER BY 3, 1;
-- name: numeric_scales
SELECT count(DISTINCT x), round(sum(DISTINCT x)) FROM (SELECT CASE WHEN user_id % 2 = 0 THEN 1.0 ELSE 1.00 END AS x FROM orders) s;
-- name: numeric_groups
SELECT x::numeric(3,1), count(*), count(DISTINCT day) FROM (SELECT CASE WHEN user_id % 2 = 0 THEN 1.0 ELSE 1.00 END AS x, day FROM orders) s GROUP BY x;
-- name: jsonb
SELECT count(DISTINCT profile), count(DISTINCT profile -> 'level') FROM users;
-- name: joined
SELECT c.continent, count(DISTINCT u.id), count(DISTINCT o.item_code), sum(o.quantity) FROM orders o JOIN users u ON u.id = o.user_id JOIN country c ON c.code = u.country GROUP BY c.continent;
-- name: joined_outer
SELECT u.country, count(DISTINCT o.item_code), count(DISTINCT o.user_id), count(*) FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.quantity > 3 GROUP BY u.country;
-- name: broadcast
SELECT n.code, count(DISTINCT o.user_id), count(DISTINCT o.day), sum(o.quantity) FROM orders o JOIN note n ON n.code = o.item_code GROUP BY n.code;
-- name: correlated
SELECT c.code, (SELECT count(DISTINCT u.age) FROM users u WHERE u.country = c.code), (SELECT count(DISTINCT feeling) + count(*) FROM users WHERE country <> c.code) FROM country c;
-- name: in_subquery
SELECT sum(n), count(*) FROM (SELECT count(DISTINCT age) AS n FROM users GROUP BY country) s;
-- name: in_union
SELECT count(DISTINCT kind) FROM events UNION ALL SELECT count(DISTINCT country) FROM users;
-- name: prepared
PREPARE counted (int) AS SELECT country, count(DISTINCT age + $1), count(DISTINCT feeling) FILTER (WHERE age > $1) FROM users GROUP BY country;
EXECUTE counted (3);
EXECUTE counted (20);
DEALLOCATE counted;
-- name: cursor
BEGIN;
DECLARE c CURSOR FOR SELECT country, count(DISTINCT age), count(DISTINCT feeling) FROM users GROUP BY country ORDER BY country;
-- ordered
FETCH 3 FROM c;
-- ordered
FETCH 2 FROM c;
COMMIT;
-- name: not_divisible
SELECT country, count(DISTINCT age), array_agg(id ORDER BY id), percentile_disc(0.5) WITHIN GROUP (ORDER BY age) FROM users GROUP BY country;
-- name: error_in_argument
-- error: 22012
SELECT count(DISTINCT 1 / (quantity - 3)), count(DISTINCT day) FROM orders;

-- name: sets
SELECT country, active, count(*), avg(score), grouping(country, active) FROM users GROUP BY GROUPING SETS ((country), (active), (country, active), ());
-- name: cube
SELECT kind, amount % 2, count(*), stddev(value), grouping(kind), grouping(amount % 2) FROM events GROUP BY CUBE (kind, amount % 2);
-- name: rollup_of_three
SELECT country, active, feeling, count(*), max(age) FROM users GROUP BY ROLLUP (country, active, feeling);
-- name: null_keys_are_not_rolled_up
-- ordered
SELECT country, grouping(country), count(*) FROM users GROUP BY ROLLUP (country) ORDER BY 2, 1 NULLS FIRST;
-- name: set_twice
SELECT country, count(*) FROM users GROUP BY GROUPING SETS ((country), (country), ());
-- name: empty_sets
SELECT count(*), sum(age) FROM users GROUP BY GROUPING SETS ((), ());
-- name: sets_of_no_rows
SELECT v, count(*), sum(n), grouping(v) FROM empty_log GROUP BY ROLLUP (v);
-- name: sets_distinct
SELECT kind, amount, count(DISTINCT user_id), count(DISTINCT value), sum(value) FROM events GROUP BY ROLLUP (kind, amount);
-- name: sets_distinct_several
SELECT country, active, count(DISTINCT age), count(DISTINCT feeling), string_agg(DISTINCT name, ',' ORDER BY name), avg(score) FROM users GROUP BY CUBE (country, active);
-- name: sets_having
SELECT country, active, count(*) FROM users GROUP BY CUBE (country, active) HAVING grouping(country) = 0 OR count(*) > 10;
-- name: sets_ordered
-- ordered
SELECT country, active, sum(score) FROM users GROUP BY ROLLUP (country, active) ORDER BY grouping(country, active), sum(score) DESC, country, active LIMIT 5 OFFSET 2;
-- name: sets_of_expression
SELECT age / 20, lower(country), count(*), (age / 20) + 1 FROM users GROUP BY GROUPING SETS ((age / 20), (lower(country), age / 20));
-- name: sets_joined
SELECT c.continent, u.country, sum(o.quantity), count(DISTINCT o.day) FROM orders o JOIN users u ON u.id = o.user_id JOIN country c ON c.code = u.country GROUP BY ROLLUP (c.continent, u.country);
-- name: sets_with_key
SELECT user_id, kind, count(*), count(DISTINCT amount) FROM events GROUP BY ROLLUP (user_id, kind);
-- name: sets_windows
SELECT country, active, count(*), rank() OVER (PARTITION BY grouping(country, active) ORDER BY count(*) DESC, country, active) FROM users GROUP BY ROLLUP (country, active);
-- name: sets_without_aggregates
SELECT country, active FROM users GROUP BY CUBE (country, active);
-- name: sets_not_divisible
SELECT country, array_agg(id ORDER BY id) FROM users GROUP BY ROLLUP (country);

-- name: collate_groups
CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
SELECT count(*) FROM users GROUP BY lower(country) COLLATE ci, active;
SELECT count(DISTINCT name COLLATE ci), count(DISTINCT CASE WHEN id % 2 = 0 THEN upper(country) ELSE country END COLLATE ci) FROM users;
SELECT min(age), count(*) FROM (SELECT age, CASE WHEN id % 2 = 0 THEN upper(country) ELSE lower(country) END COLLATE ci AS c FROM users) s GROUP BY c;
SELECT count(*) FROM (SELECT DISTINCT CASE WHEN id % 2 = 0 THEN upper(country) ELSE lower(country) END COLLATE ci FROM users) s;
SELECT count(*), sum(stock) FROM items GROUP BY upper(code) COLLATE ci;
DROP COLLATION ci;
-- name: collate_order
-- ordered
SELECT name COLLATE "C", id FROM users ORDER BY name COLLATE "C" DESC, id LIMIT 5;
-- ordered
SELECT code, upper(code) COLLATE "C" FROM items ORDER BY 2 LIMIT 5;
-- ordered
SELECT DISTINCT name COLLATE "POSIX" FROM users ORDER BY 1 LIMIT 7;
-- name: key_as_another_type
SELECT count(*) FROM (SELECT code::bpchar AS c FROM items UNION ALL SELECT (code || '  ')::bpchar FROM items) s GROUP BY c;
SELECT DISTINCT code::bpchar FROM items;
