-- What the shards do by themselves: joins, groups, DISTINCT, ORDER BY with LIMIT. Rows are compared with plain tables by the
-- differential tests; here it is where the work is done.
CREATE SCHEMA planner_fragments;
SET search_path = planner_fragments;
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
        CONTINUE WHEN line !~ '->|Task: ' AND line ~ '^ ';
        RETURN NEXT regexp_replace(line, 'herd_\d+_\d+', 'shard', 'g');
    END LOOP;
END $$;

-- joins on the key, of every kind
SELECT plan_of('SELECT o.id, l.line FROM orders o JOIN lines l USING (customer) WHERE o.amount > 5');
SELECT plan_of('SELECT o.id, l.line FROM orders o LEFT JOIN lines l ON l.customer = o.customer AND l.item = 3 WHERE o.id < 9');
SELECT plan_of('SELECT o.id, l.line FROM lines l RIGHT JOIN orders o ON l.customer = o.customer');
SELECT plan_of('SELECT o.id, l.line FROM orders o FULL JOIN lines l ON l.customer = o.customer');
SELECT plan_of('SELECT o.id FROM orders o WHERE EXISTS (SELECT FROM lines l WHERE l.customer = o.customer AND l.price > o.amount)');
SELECT plan_of('SELECT o.id FROM orders o WHERE NOT EXISTS (SELECT FROM lines l WHERE l.customer = o.customer AND l.id = o.id)');
SELECT plan_of('SELECT o.id FROM orders o LEFT JOIN lines l ON l.customer = o.customer WHERE l.customer IS NULL');
SELECT plan_of('SELECT o.id FROM orders o WHERE customer IN (SELECT customer FROM lines WHERE item = 1)');
-- with a reference table
SELECT plan_of('SELECT l.line, i.name FROM lines l JOIN items i USING (item)');
SELECT plan_of('SELECT l.line, i.name FROM lines l LEFT JOIN items i USING (item)');
-- not by the shards: copies of a reference table would find no partner on several of them
SELECT plan_of('SELECT l.line, i.name FROM items i LEFT JOIN lines l USING (item)');
-- not by the shards: other keys, other groups, a condition that can't travel
SELECT plan_of('SELECT o.id FROM orders o JOIN lines l ON l.id = o.customer');
SELECT plan_of('SELECT o.id FROM orders o JOIN elsewhere e ON e.k = o.customer');
SELECT plan_of('SELECT o.id FROM orders o JOIN lines l ON l.customer = o.customer AND random() < 2');
-- three tables
SELECT plan_of('SELECT count(*) FROM orders o JOIN lines l USING (customer) JOIN items i USING (item) WHERE o.customer IN (1, 2)');
-- a few rows travel to the shards, in several batches if they are many
CREATE TABLE local_notes (note text, n int, at date);
INSERT INTO local_notes SELECT 'note ' || i, i, date '2020-01-01' + i FROM generate_series(1, 5) i;
ANALYZE local_notes;
SELECT plan_of('SELECT count(*), min(at) FROM orders JOIN local_notes USING (note)');
SET datestyle = german;
SELECT count(*), min(at), max(n) FROM orders JOIN local_notes USING (note);
RESET datestyle;
INSERT INTO local_notes SELECT 'note ' || i % 2, i, NULL FROM generate_series(1, 50000) i;
SELECT count(*), min(at), max(n) FROM orders JOIN local_notes USING (note);
SET work_mem = '64kB';
SELECT count(*), min(at), max(n) FROM orders JOIN local_notes USING (note);
RESET work_mem;
TRUNCATE local_notes;
SELECT count(*), min(at), max(n) FROM orders JOIN local_notes USING (note);

-- groups: whole ones by the key, states of others
SELECT plan_of('SELECT customer, count(DISTINCT id), string_agg(note, '','' ORDER BY id) FROM orders GROUP BY customer');
SELECT plan_of('SELECT note, count(*), sum(amount), avg(amount), stddev(amount) FROM orders GROUP BY note HAVING count(*) > 3');
SELECT plan_of('SELECT count(*) FILTER (WHERE id > 7), max(note), bool_and(amount > 0) FROM orders');
SELECT note, count(*), sum(amount), avg(amount), round(stddev(amount), 6) FROM orders GROUP BY note HAVING count(*) > 71 ORDER BY 1;
SELECT count(*) FILTER (WHERE id > 7), max(note), bool_and(amount > 0), avg(id) FROM orders;
SELECT count(*), sum(amount) FROM orders WHERE id < 0;
-- the columns that depend on a primary key
SELECT plan_of('SELECT o.customer, o.id, o.note, sum(l.price) FROM orders o JOIN lines l ON l.customer = o.customer GROUP BY o.customer, o.id');
-- a key that an outer join made NULL on several shards is no key of a group
SELECT plan_of('SELECT l.customer, count(*) FROM orders o LEFT JOIN lines l ON l.customer = o.customer GROUP BY l.customer');
-- not by the shards: an aggregate that can't be combined
SELECT plan_of('SELECT note, array_agg(id) FROM orders GROUP BY note');
-- DISTINCT aggregates: the shards group by their arguments too; those of the key are states
SELECT plan_of('SELECT note, count(DISTINCT customer > 9) FROM orders GROUP BY note');
SELECT plan_of('SELECT note, count(DISTINCT customer > 9) FILTER (WHERE amount > 9), avg(amount) FROM orders GROUP BY note HAVING count(DISTINCT customer > 9) > 1');
SELECT plan_of('SELECT note, count(DISTINCT customer > 9), max(DISTINCT note), count(*) FROM orders GROUP BY note');
SELECT plan_of('SELECT count(DISTINCT customer), sum(amount) FROM orders');
-- grouping sets: states of the finest groups
SELECT plan_of('SELECT note, customer > 9, count(*), avg(amount), grouping(note) FROM orders GROUP BY CUBE (note, customer > 9)');
SELECT plan_of('SELECT note, count(DISTINCT customer > 9), sum(amount) FROM orders GROUP BY ROLLUP (note)');
-- a collation is not lost on the way, nor are those of users sent
CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
SELECT plan_of('SELECT note COLLATE "POSIX", count(*) FROM orders GROUP BY 1');
SELECT plan_of('SELECT note COLLATE ci, count(*) FROM orders GROUP BY 1');

-- windows, DISTINCT ON, whole groups that are limited: a subquery of the shards, sorted here
SELECT plan_of('SELECT customer, id, rank() OVER (PARTITION BY customer ORDER BY amount) FROM orders ORDER BY id');
SELECT plan_of('SELECT DISTINCT ON (customer) amount FROM orders ORDER BY customer, id LIMIT 3');
SELECT plan_of('SELECT customer, count(*) FROM orders GROUP BY customer ORDER BY sum(amount) DESC LIMIT 3');
-- not by the shards: a window of rows on several of them
SELECT plan_of('SELECT customer, id, rank() OVER (PARTITION BY note ORDER BY amount) FROM orders ORDER BY id');

-- rows in the order that windows and groups of undivided aggregates want
SELECT plan_of('SELECT note, rank() OVER (PARTITION BY note ORDER BY amount) FROM orders');
SELECT plan_of('SELECT note, percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) FROM orders GROUP BY note');
SELECT plan_of('SELECT DISTINCT ON (note) note, id FROM orders ORDER BY note, id');
-- equal last rows are all the shards'
SELECT plan_of('SELECT note FROM orders ORDER BY amount FETCH FIRST 3 ROWS WITH TIES');

SELECT plan_of('SELECT DISTINCT note FROM orders');
SELECT plan_of('SELECT DISTINCT customer, note FROM orders');
SELECT DISTINCT current_user = session_user AS same FROM orders;
SELECT plan_of('SELECT customer, amount FROM orders ORDER BY amount DESC NULLS LAST, id LIMIT 3 OFFSET 2');
SELECT customer, amount FROM orders ORDER BY amount DESC NULLS LAST, id LIMIT 3 OFFSET 2;
SELECT plan_of('SELECT o.id, l.line FROM orders o JOIN lines l USING (customer) ORDER BY l.price, o.id LIMIT 2');


-- A subquery that is asked again for every outer row: after a few requests all its rows are fetched once and looked up.
SET herd.max_read_connections_per_node = 1;
CREATE FUNCTION tasks_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ' || query LOOP
        CONTINUE WHEN line !~ 'Tasks: ';
        RETURN NEXT trim(line);
    END LOOP;
END $$;
SELECT tasks_of('SELECT (SELECT array_agg(l.line) FROM lines l WHERE l.id = o.id) FROM orders o');
SELECT tasks_of('SELECT (SELECT array_agg(l.line) FROM lines l WHERE l.id = o.id) FROM orders o WHERE o.id < 4');
-- on disk if they don't fit into memory
SET work_mem = '64kB';
SELECT tasks_of('SELECT (SELECT array_agg(l.line) FROM lines l WHERE l.id = o.id) FROM orders o WHERE o.id < 10');
RESET work_mem;
-- what it finds is what a condition on every row finds
CREATE TABLE plain_orders AS SELECT * FROM orders;
CREATE TABLE plain_lines AS SELECT * FROM lines;
INSERT INTO orders VALUES (70, 1000, NULL, NULL);
INSERT INTO plain_orders VALUES (70, 1000, NULL, NULL);
SELECT count(*) FROM (
    (SELECT o.id, (SELECT array_agg(l.line ORDER BY l.line) FROM lines l WHERE l.price = o.amount AND l.item < o.id) FROM orders o
     EXCEPT ALL
     SELECT o.id, (SELECT array_agg(l.line ORDER BY l.line) FROM plain_lines l WHERE l.price = o.amount AND l.item < o.id)
     FROM plain_orders o)) differences;
SET work_mem = '64kB';
SELECT count(*) FROM (
    (SELECT o.id, (SELECT array_agg(l.line ORDER BY l.line) FROM lines l WHERE l.price = o.amount AND l.item < o.id) FROM orders o
     EXCEPT ALL
     SELECT o.id, (SELECT array_agg(l.line ORDER BY l.line) FROM plain_lines l WHERE l.price = o.amount AND l.item < o.id)
     FROM plain_orders o)) differences;
RESET work_mem;
-- a value that changes with an outer query: what was fetched under the old one is forgotten
SELECT n, (SELECT sum((SELECT count(l.line) FROM lines l WHERE l.id = o.id AND l.item <= (SELECT max(i.item) FROM items i WHERE i.item <= n)))
           FROM orders o WHERE o.id < 20) AS found,
          (SELECT sum((SELECT count(l.line) FROM plain_lines l WHERE l.id = o.id AND l.item <= (SELECT max(i.item) FROM items i WHERE i.item <= n)))
           FROM plain_orders o WHERE o.id < 20) AS expected
FROM generate_series(1, 4) n;

\set VERBOSITY terse
DROP SCHEMA planner_fragments CASCADE;
