-- name: sets
SELECT country, active, count(*) FROM users GROUP BY GROUPING SETS ((country), (active), ());
-- name: rollup
SELECT country, active, count(*), sum(score) FROM users GROUP BY ROLLUP (country, active);
-- name: cube
SELECT category, origin, count(*), sum(stock) FROM items GROUP BY CUBE (category, origin);
-- name: grouping_function
-- ordered
SELECT grouping(country, active) AS g, country, active, count(*) FROM users GROUP BY ROLLUP (country, active) ORDER BY 1, 2 NULLS LAST, 3;
-- name: with_key
SELECT user_id, quantity, count(*) FROM orders GROUP BY GROUPING SETS ((user_id), (user_id, quantity));
-- name: having
SELECT country, active, count(*) FROM users GROUP BY CUBE (country, active) HAVING count(*) > 12;
-- name: mixed
SELECT continent, u.active, u.age / 20, count(*) FROM users u JOIN country c ON c.code = u.country GROUP BY continent, ROLLUP (u.active, u.age / 20);
-- name: distinct_sets
SELECT country, active, count(*) FROM users GROUP BY DISTINCT ROLLUP (country), CUBE (country, active);
-- name: empty_table
SELECT id, count(*) FROM empty_log GROUP BY GROUPING SETS ((id), ());
-- name: in_subquery
SELECT g, max(n) FROM (SELECT grouping(kind) AS g, count(*) AS n FROM events GROUP BY ROLLUP (kind, user_id)) s GROUP BY g;
-- name: distinct_aggregate
SELECT country, count(DISTINCT age), count(DISTINCT feeling) FROM users GROUP BY GROUPING SETS ((country), ());
-- name: other_collation
SELECT count(*), max(n COLLATE "en-x-icu"), min(n COLLATE "POSIX") FROM (SELECT CASE WHEN id % 2 = 0 THEN upper(name) ELSE name END AS n FROM users) s GROUP BY n COLLATE "en-x-icu";
-- name: first_in_other_collation
-- ordered
SELECT n, id FROM (SELECT CASE WHEN id % 2 = 0 THEN upper(name) ELSE name END AS n, id FROM users) s ORDER BY n COLLATE "en-x-icu" DESC, id LIMIT 9;
-- name: aggregated_in_other_collation
SELECT max(CASE WHEN id % 2 = 0 THEN upper(name) ELSE name END COLLATE "en-x-icu"), min(CASE WHEN id % 2 = 0 THEN upper(name) ELSE name END COLLATE "en-x-icu") FROM users WHERE name COLLATE "en-x-icu" > 'B';
