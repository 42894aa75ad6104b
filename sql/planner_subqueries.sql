-- Subqueries in FROM and members of WITH that each shard computes by itself are joined and aggregated there. Rows are compared with plain
-- tables by the differential tests; here it is where the work is done.
CREATE SCHEMA planner_subqueries;
SET search_path = planner_subqueries;
SET herd.shard_count = 4;
SET herd.explain_node_plans = off;
\set SHOW_CONTEXT never
CREATE TABLE orders (customer int, id int, amount numeric, note text, PRIMARY KEY (customer, id));
CREATE TABLE lines (customer int, id int, line int, item int, price float8);
CREATE TABLE elsewhere (k int, v int);
CREATE TABLE items (item int PRIMARY KEY, name text);
SELECT herd.create_distributed_table('orders', 'customer'),
       herd.create_distributed_table('lines', 'customer', colocate_with => 'orders'),
       herd.create_distributed_table('elsewhere', 'k', shard_count => 5, colocate_with => 'none'),
       herd.create_reference_table('items');
INSERT INTO orders SELECT i % 50, i, i * 1.5, 'note ' || i % 7 FROM generate_series(1, 500) i;
INSERT INTO lines SELECT i % 60, i % 500, i, i % 10, i FROM generate_series(1, 2000) i;
INSERT INTO elsewhere SELECT i, i FROM generate_series(1, 100) i;
INSERT INTO items SELECT i, 'item ' || i FROM generate_series(0, 7) i;
ANALYZE orders, lines, elsewhere;
-- The plan's nodes and the SQL of the tasks, without the shards' names.
CREATE FUNCTION plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        CONTINUE WHEN line !~ '->|Task: |Shards: ' AND line ~ '^ ';
        RETURN NEXT regexp_replace(line, 'herd_\d+_\d+', 'shard', 'g');
    END LOOP;
END $$;

-- groups by key: counted, grouped again, joined, below outer joins
SELECT plan_of('SELECT count(*) FROM (SELECT customer, count(*) FROM lines GROUP BY customer) s');
SELECT plan_of('SELECT o.id, s.n FROM orders o JOIN (SELECT customer, count(*) AS n FROM lines GROUP BY customer) s USING (customer) WHERE s.n > 3');
SELECT plan_of('SELECT o.id, s.n FROM orders o LEFT JOIN (SELECT customer, count(*) AS n FROM lines GROUP BY customer) s USING (customer)');
SELECT plan_of('SELECT id FROM orders WHERE customer IN (SELECT customer FROM lines GROUP BY customer HAVING sum(price) > 10)');
-- not by the shards: other keys; the key may be NULL by the outer join, on any shard
SELECT plan_of('SELECT count(*) FROM orders o JOIN (SELECT item, count(*) FROM lines GROUP BY item) s ON s.item = o.customer');
SELECT plan_of('SELECT count(*) FROM (SELECT l.customer FROM orders o LEFT JOIN lines l ON l.customer = o.customer AND l.item = 3 GROUP BY l.customer) s');
-- DISTINCT, windows
SELECT plan_of('SELECT count(*) FROM (SELECT DISTINCT customer, item FROM lines) s');
SELECT plan_of('SELECT s.line FROM (SELECT customer, line, row_number() OVER (PARTITION BY customer ORDER BY price) AS r FROM lines) s WHERE r = 1');
-- set operations: keys in the same place, or UNION ALL
SELECT plan_of('SELECT count(*) FROM (SELECT customer FROM lines INTERSECT SELECT customer FROM orders) s');
SELECT plan_of('SELECT customer, count(*) FROM (SELECT customer, id FROM lines UNION SELECT customer, id FROM orders) s GROUP BY customer');
SELECT plan_of('SELECT sum(id) FROM (SELECT id FROM lines UNION ALL SELECT id FROM orders) s');
-- not by the shards: equal rows on several, or a copy of the reference table on each
SELECT plan_of('SELECT count(*) FROM (SELECT id FROM lines UNION SELECT id FROM orders) s');
SELECT plan_of('SELECT count(*) FROM (SELECT item FROM lines UNION ALL SELECT item FROM items) s');
-- WITH
SELECT plan_of('WITH s AS (SELECT customer, count(*) AS n FROM lines GROUP BY customer) SELECT o.id, n FROM orders o JOIN s USING (customer)');
SELECT plan_of('SELECT sum(n) FROM (WITH w AS (SELECT customer, count(*) AS n FROM lines GROUP BY customer) SELECT a.customer, a.n FROM w a JOIN w b USING (customer)) s');
-- one value of the key, inside or outside, is one task
SELECT plan_of('SELECT s.n, e.v FROM elsewhere e, (SELECT customer, count(*) AS n FROM lines WHERE customer = 7 GROUP BY customer) s');
SELECT plan_of('SELECT s.n, e.v FROM elsewhere e, (SELECT customer, count(*) AS n FROM lines GROUP BY customer) s WHERE customer = 7');
-- a subquery that others sort by its order, and one that gives other rows each time, stay here
SELECT plan_of('SELECT array_agg(n) FROM (SELECT customer, count(*) AS n FROM lines GROUP BY customer ORDER BY 2) s');
SELECT plan_of('SELECT count(*) FROM (SELECT customer, random() FROM lines GROUP BY customer) s');
-- correlated subqueries by the key, wherever they stand; what is above them is done here
SELECT plan_of('SELECT id, (SELECT count(*) FROM lines l WHERE l.customer = o.customer) FROM orders o ORDER BY 2, 1 LIMIT 3');
SELECT plan_of('SELECT note, count(*) FROM orders o WHERE amount > (SELECT avg(price) FROM lines l WHERE l.customer = o.customer AND l.id < o.id) GROUP BY note');
SELECT plan_of('SELECT customer FROM orders o GROUP BY customer HAVING sum(amount) > (SELECT max(price) FROM lines l WHERE l.customer = o.customer)');
SELECT plan_of('SELECT note, sum((SELECT count(*) FROM lines l WHERE l.customer = o.customer)) FROM orders o WHERE random() >= 0 GROUP BY note');
SELECT plan_of('SELECT id, (SELECT count(*) FROM lines l WHERE l.customer = o.customer) FROM orders o LIMIT 3');
-- joined with what is elsewhere; but not where the outer join would give rows that no shard has
SELECT plan_of('SELECT o.id, e.v, (SELECT count(*) FROM lines l WHERE l.customer = o.customer) FROM orders o JOIN elsewhere e ON e.k = o.id');
SELECT plan_of('SELECT o.id, e.v, (SELECT count(*) FROM lines l WHERE l.customer = o.customer) FROM orders o RIGHT JOIN elsewhere e ON e.k = o.id');
-- not by the key
SELECT plan_of('SELECT id, (SELECT count(*) FROM lines l WHERE l.item = o.customer) FROM orders o');
-- set operations of a whole statement
SELECT plan_of('SELECT customer FROM lines UNION SELECT customer FROM orders ORDER BY 1 LIMIT 2');
-- LATERAL by the key
SELECT plan_of('SELECT o.id, l.line FROM orders o, LATERAL (SELECT line FROM lines l WHERE l.customer = o.customer ORDER BY price LIMIT 2) l');
SELECT plan_of('SELECT o.id, l.n FROM orders o LEFT JOIN LATERAL (SELECT count(*) AS n FROM lines l WHERE l.customer = o.customer AND l.id = o.id) l ON l.n > 1');
SELECT plan_of('SELECT o.id, l.line FROM orders o, LATERAL (SELECT line FROM lines l WHERE l.customer = o.id ORDER BY price LIMIT 2) l');
-- Whoever may not read the table may not read it in a subquery; nor what a view does not show him, by a function that tells.
CREATE ROLE planner_subqueries_reader;
GRANT USAGE ON SCHEMA planner_subqueries TO planner_subqueries_reader;
GRANT EXECUTE ON FUNCTION plan_of TO planner_subqueries_reader;
GRANT SELECT (customer, id) ON orders TO planner_subqueries_reader;
CREATE VIEW cheap WITH (security_barrier) AS SELECT customer, note, amount FROM orders WHERE amount < 30;
CREATE VIEW open AS SELECT customer, count(*) AS n FROM lines GROUP BY customer;
GRANT SELECT ON cheap, open TO planner_subqueries_reader;
SET ROLE planner_subqueries_reader;
SELECT count(*) FROM (SELECT customer, count(*) FROM lines GROUP BY customer) s;
SELECT count(*) FROM (SELECT customer, max(amount) FROM orders GROUP BY customer) s;
SELECT count(*) FROM (SELECT customer, max(id) FROM orders GROUP BY customer) s;
SELECT count(*), sum(n) FROM open;
SELECT count(*) FROM open JOIN lines USING (customer);
SELECT plan_of('SELECT c.note FROM cheap c JOIN open o USING (customer) WHERE 1 / (c.amount - 60)::int < 5');
SELECT count(*) FROM cheap c JOIN open o USING (customer) WHERE 1 / (c.amount - 60)::int < 5;
RESET ROLE;
SELECT plan_of('SELECT c.note FROM cheap c JOIN open o USING (customer) WHERE c.amount > 5');
-- nor rows that a policy hides, in whatever part a shard computes: each of these would divide by zero
GRANT SELECT ON ALL TABLES IN SCHEMA planner_subqueries TO planner_subqueries_reader;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY not_forty ON orders USING (id % 50 <> 40);
SET ROLE planner_subqueries_reader;
SELECT count(*) FROM (SELECT customer, count(*) FROM orders WHERE 1 / (id % 50 - 40) < 5 GROUP BY customer) s;
SELECT count(*) FROM (SELECT customer, max(id) AS id FROM orders GROUP BY customer UNION SELECT customer, 1 FROM orders) s WHERE 1 / (id % 50 - 40) < 5;
SELECT count(n) FROM (SELECT DISTINCT customer, (SELECT sum(1 / (id % 50 - 40)) FROM orders o WHERE o.customer = l.customer) AS n FROM lines l) s;
SELECT count(*) FROM orders o WHERE amount > (SELECT min(price) FROM lines l WHERE l.customer = o.customer) AND 1 / (id % 50 - 40) < 5;
SELECT count(*) FROM orders o JOIN elsewhere e ON e.k = o.id WHERE amount > (SELECT min(price) FROM lines l WHERE l.customer = o.customer) AND 1 / (o.id % 50 - 40) < 5;
SELECT count(n) FROM lines l, LATERAL (SELECT sum(1 / (id % 50 - 40)) AS n FROM orders o WHERE o.customer = l.customer LIMIT 1) s;
RESET ROLE;
-- and they are there
SELECT count(*) FROM (SELECT customer, count(*) FROM orders WHERE 1 / (id % 50 - 40) < 5 GROUP BY customer) s;
DROP SCHEMA planner_subqueries CASCADE;
DROP ROLE planner_subqueries_reader;
