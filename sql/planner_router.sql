-- Statements whose tables are all pinned to one key value go to one shard, whatever their shape; others don't.
CREATE SCHEMA planner_router;
SET search_path = planner_router;
SET herd.shard_count = 4;
SET herd.explain_node_plans = off;
\set SHOW_CONTEXT never
CREATE TABLE users (id int PRIMARY KEY, name text);
CREATE TABLE orders (user_id int, id int, amount numeric, PRIMARY KEY (user_id, id));
CREATE TABLE flags (active bool, n int);
CREATE TABLE countries (code text PRIMARY KEY, name text);
CREATE TABLE elsewhere (id int, v text);
CREATE TABLE plain (id int, v text);
SELECT herd.create_distributed_table('users', 'id'), herd.create_distributed_table('orders', 'user_id'),
       herd.create_distributed_table('flags', 'active'), herd.create_reference_table('countries'),
       herd.create_distributed_table('elsewhere', 'id', colocate_with => 'none');
INSERT INTO users SELECT i, 'user ' || i FROM generate_series(1, 20) i;
INSERT INTO orders SELECT i % 20 + 1, i, i * 1.5 FROM generate_series(1, 100) i;
INSERT INTO orders VALUES (7, 1000, NULL);
INSERT INTO flags SELECT i % 2 = 0, i FROM generate_series(1, 9) i;
INSERT INTO flags VALUES (NULL, 10);
INSERT INTO countries VALUES ('de', 'Germany'), ('fr', 'France');
INSERT INTO elsewhere VALUES (1, 'one');
CREATE VIEW user_orders AS
    SELECT u.id, u.name, o.id AS order_id, o.amount FROM users u JOIN orders o ON o.user_id = u.id;
-- The nodes of the plan that are Herd's, with the shards that each of them uses.
CREATE FUNCTION plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    result text := '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        IF line ~ 'Custom Scan|Herd' THEN
            result := result || CASE WHEN result = '' THEN '' ELSE ', ' END || substring(line, 'Herd\w+');
        ELSIF line ~ 'Shards:' THEN
            result := result || ' ' || substring(line, 'Shards: (.*)');
        END IF;
    END LOOP;
    RETURN result;
END $$;

-- Constants, casts within the class, computed values.
SELECT plan_of('SELECT * FROM users WHERE id = 3');
SELECT plan_of('SELECT * FROM users WHERE 3 = id AND name LIKE ''u%''');
SELECT plan_of('SELECT * FROM users WHERE id = 3::bigint');
SELECT plan_of('SELECT * FROM users WHERE id = 1 + 2');
SELECT plan_of('SELECT * FROM users WHERE id IN (3)');
SELECT plan_of('SELECT * FROM users WHERE id = (current_setting(''server_version_num'')::int - 1)');
SELECT plan_of('SELECT count(*), max(name) FROM users WHERE id = 3 GROUP BY name HAVING count(*) > 0 ORDER BY 1 LIMIT 1');
-- Not pinned to one value, or not by the class's equality.
SELECT plan_of('SELECT * FROM users');
SELECT plan_of('SELECT * FROM users WHERE id > 3');
SELECT plan_of('SELECT * FROM users WHERE id = 3 OR name = ''x''');
SELECT plan_of('SELECT * FROM users WHERE NOT id = 3');
SELECT plan_of('SELECT * FROM users WHERE id::text = ''3''');
SELECT plan_of('SELECT * FROM users WHERE id = 3.0');
-- NULL keys and boolean keys.
SELECT plan_of('SELECT * FROM flags WHERE active'), plan_of('SELECT * FROM flags WHERE NOT active'),
       plan_of('SELECT * FROM flags WHERE active = true'), plan_of('SELECT * FROM flags WHERE active IS NULL'),
       plan_of('SELECT * FROM flags WHERE active IS TRUE'), plan_of('SELECT * FROM flags WHERE active IS NOT TRUE');
SELECT n FROM flags WHERE active ORDER BY n;
SELECT n FROM flags WHERE NOT active ORDER BY n;
SELECT n FROM flags WHERE active IS NULL ORDER BY n;
SELECT n FROM flags WHERE active IS NOT TRUE ORDER BY n;
SELECT n FROM flags WHERE active = NULL;
SELECT plan_of('SELECT * FROM orders WHERE user_id = NULL');

-- Joins on the key, whichever side is pinned; reference tables go along.
SELECT plan_of('SELECT * FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id = 3');
SELECT plan_of('SELECT * FROM users u JOIN orders o ON o.user_id = u.id WHERE o.user_id = 3');
SELECT plan_of('SELECT * FROM users u, orders o, countries c WHERE u.id = 3 AND o.user_id = u.id AND c.code = u.name');
SELECT plan_of('SELECT * FROM users u LEFT JOIN orders o ON o.user_id = u.id WHERE u.id = 3');
SELECT plan_of('SELECT * FROM users JOIN orders USING (id) WHERE users.id = 3 AND user_id = 3');
SELECT plan_of('SELECT * FROM users a, users b WHERE a.id = 3 AND b.id = 3');
SELECT plan_of('SELECT * FROM users a, users b WHERE a.id = 3 AND b.id = 4');
SELECT plan_of('SELECT * FROM users u JOIN orders o ON o.id = u.id WHERE u.id = 3');
SELECT plan_of('SELECT * FROM users u LEFT JOIN orders o ON o.user_id = u.id AND u.id = 3');
SELECT plan_of('SELECT * FROM users u JOIN elsewhere e USING (id) WHERE u.id = 3');
SELECT plan_of('SELECT * FROM users u JOIN plain p USING (id) WHERE u.id = 3');
-- Views, subqueries, CTEs, set operations, LATERAL.
SELECT plan_of('SELECT * FROM user_orders WHERE id = 3');
SELECT plan_of('SELECT * FROM (SELECT id, count(*) FROM users GROUP BY id) s WHERE id = 3');
SELECT plan_of('WITH u AS (SELECT * FROM users WHERE id = 3) SELECT * FROM u JOIN orders o ON o.user_id = u.id');
SELECT plan_of('SELECT id FROM users WHERE id = 3 UNION ALL SELECT id FROM orders WHERE user_id = 3');
SELECT plan_of('SELECT id FROM users WHERE id = 3 UNION ALL SELECT id FROM orders WHERE user_id = 4');
SELECT plan_of('SELECT * FROM users u, LATERAL (SELECT * FROM orders o WHERE o.user_id = u.id LIMIT 1) l WHERE u.id = 3');
-- Sublinks: correlated by the key, pinned by themselves, or neither.
SELECT plan_of('SELECT * FROM users u WHERE id = 3 AND EXISTS (SELECT FROM orders o WHERE o.user_id = u.id)');
SELECT plan_of('SELECT (SELECT sum(amount) FROM orders o WHERE o.user_id = u.id) FROM users u WHERE id = 3');
SELECT plan_of('SELECT (SELECT sum(amount) FROM orders o WHERE o.user_id = 3) FROM users u WHERE id = 3');
SELECT plan_of('SELECT * FROM users u WHERE id = 3 AND id IN (SELECT user_id FROM orders)');
SELECT plan_of('SELECT * FROM users u WHERE id = 3 AND id NOT IN (SELECT user_id FROM orders o WHERE o.user_id = u.id)');
SELECT name, (SELECT count(*) FROM orders o WHERE o.user_id = u.id), EXISTS (SELECT FROM orders WHERE user_id = 3 AND amount > 100)
    FROM users u WHERE id = 3;
SELECT * FROM user_orders WHERE id = 7 ORDER BY order_id;

-- Writes.
SELECT plan_of('INSERT INTO users VALUES (30, ''x'')'), plan_of('UPDATE users SET name = ''x'' WHERE id = 3'),
       plan_of('DELETE FROM users WHERE id = 3');
SELECT plan_of('INSERT INTO orders SELECT u.id, 5, 1 FROM users u WHERE u.id = 3');
SELECT plan_of('UPDATE users u SET name = o.id FROM orders o WHERE o.user_id = u.id AND u.id = 3');
SELECT plan_of('DELETE FROM users u USING orders o WHERE o.user_id = u.id AND o.user_id = 3');
SELECT plan_of('WITH gone AS (DELETE FROM orders WHERE user_id = 3 RETURNING *) SELECT count(*) FROM gone');
SELECT plan_of('SELECT * FROM users WHERE id = 3 FOR UPDATE');
WITH gone AS (DELETE FROM orders WHERE user_id = 3 RETURNING *)
    UPDATE users SET name = (SELECT count(*) FROM gone) WHERE id = 3 RETURNING name;
SELECT count(*) FROM orders WHERE user_id = 3;
-- Volatile functions in a condition or target list are not sent.
SELECT count(*) FROM users WHERE id = 3 AND random() < 2;
SELECT count(*) FROM (SELECT random() FROM users WHERE id = 3) s;
SET client_min_messages = warning;
DROP SCHEMA planner_router CASCADE;
