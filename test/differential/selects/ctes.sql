-- name: once
WITH old AS (SELECT * FROM users WHERE age > 60) SELECT country, count(*) FROM old GROUP BY country;
-- name: twice
WITH o AS (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id) SELECT a.user_id, b.user_id FROM o a JOIN o b ON a.n = b.n AND a.user_id < b.user_id;
-- name: materialized
WITH o AS MATERIALIZED (SELECT * FROM orders) SELECT count(*), sum(total) FROM o WHERE user_id = 7;
-- name: not_materialized
WITH o AS NOT MATERIALIZED (SELECT * FROM orders) SELECT count(*), (SELECT max(id) FROM o) FROM o WHERE user_id = 7;
-- name: chain
WITH a AS (SELECT user_id, sum(total) AS t FROM orders GROUP BY user_id), b AS (SELECT avg(t) AS m FROM a) SELECT a.user_id FROM a, b WHERE a.t > b.m;
-- name: in_subquery
SELECT id FROM users WHERE id IN (WITH big AS (SELECT user_id FROM orders WHERE total > 300) SELECT user_id FROM big);
-- name: with_reference
WITH c AS (SELECT code FROM country WHERE population > 50000000) SELECT u.id FROM users u JOIN c ON c.code = u.country;
-- name: shadows_table
WITH users AS (SELECT 1 AS id, 'me' AS name) SELECT * FROM users;
-- name: shadows_and_reads_it
WITH users AS (SELECT id FROM users WHERE id < 4) SELECT count(*) FROM users;
-- name: unused
WITH u AS (SELECT 1 / 0 FROM users) SELECT count(*) FROM sparse;
-- name: values
WITH v (k, w) AS (VALUES (1, 'a'), (7, 'b')) SELECT v.w, u.name FROM v JOIN users u ON u.id = v.k;
-- name: recursive_numbers
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT n.i, u.name FROM n JOIN users u ON u.id = n.i;
-- name: recursive_over_distributed
WITH RECURSIVE walk (id, depth) AS (SELECT id, 0 FROM users WHERE id = 3 UNION ALL SELECT u.id, w.depth + 1 FROM walk w JOIN users u ON u.id = w.id * 2 WHERE w.depth < 8) SELECT * FROM walk;
-- name: recursive_union_distinct
WITH RECURSIVE r (age) AS (SELECT age FROM users WHERE id = 1 UNION SELECT x.age FROM r JOIN users x ON x.age BETWEEN r.age AND r.age + 2) SELECT age FROM r;
-- name: recursive_search
-- ordered
WITH RECURSIVE t (id) AS (SELECT 1::bigint UNION ALL SELECT u.id FROM t JOIN users u ON u.id IN (t.id * 3, t.id * 3 + 1) WHERE t.id < 30) SEARCH DEPTH FIRST BY id SET path SELECT id FROM t ORDER BY path;
-- name: recursive_cycle
WITH RECURSIVE t (id) AS (SELECT 1::bigint UNION ALL SELECT u.id FROM t JOIN users u ON u.id = (t.id * 2) % 7) CYCLE id SET looped USING trail SELECT id, looped FROM t;
-- name: recursive_base_distributed
WITH RECURSIVE r AS (SELECT user_id, id, 1 AS level FROM orders WHERE quantity = 9 UNION ALL SELECT r.user_id, r.id, level + 1 FROM r WHERE level < 3) SELECT count(*), sum(level) FROM r;
-- name: nested
WITH a AS (WITH b AS (SELECT id FROM users WHERE id < 10) SELECT id * 2 AS id FROM b) SELECT a.id, u.name FROM a LEFT JOIN users u USING (id);
-- name: joined_to_local
WITH s AS (SELECT user_id, count(*) AS n FROM orders GROUP BY 1) SELECT note.id, s.n FROM note LEFT JOIN s USING (user_id);
-- name: limit_inside
-- ordered
WITH top AS (SELECT id, score FROM users ORDER BY score DESC, id LIMIT 5) SELECT t.id, count(o.id) FROM top t LEFT JOIN orders o ON o.user_id = t.id GROUP BY t.id ORDER BY t.id;
-- name: used_in_union
WITH x AS (SELECT id FROM users WHERE age < 25) SELECT 'u', id FROM x UNION ALL SELECT 'o', o.id FROM orders o WHERE o.user_id IN (SELECT id FROM x);
