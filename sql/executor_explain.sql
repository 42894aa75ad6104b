-- EXPLAIN reads as one tree: shards, tasks and the nodes' plans below the scan; ANALYZE runs once, and measures; nothing runs without it.
CREATE SCHEMA executor_explain;
SET search_path = executor_explain;
SET herd.shard_count = 4;
-- The number of tasks does not depend on how long something took before.
SET herd.max_read_connections_per_node = 1;
\set SHOW_CONTEXT never
CREATE TABLE items (id int PRIMARY KEY, name text, price int);
CREATE TABLE rates (code text PRIMARY KEY, rate int);
SELECT herd.create_distributed_table('items', 'id'), herd.create_reference_table('rates');
INSERT INTO items SELECT i, 'item ' || i, i * 10 FROM generate_series(1, 100) i;
INSERT INTO rates VALUES ('a', 1);
-- Text, without what depends on the shards' numbers and on the transfer.
CREATE FUNCTION plan_of(query text, options text DEFAULT 'COSTS OFF') RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
    FOR line IN EXECUTE format('EXPLAIN (%s) %s', options, query) LOOP
        line := regexp_replace(line, 'herd_\d+_\d+', 'shard', 'g');
        -- Minor versions differ in whether the target's alias has AS.
        line := regexp_replace(line, '(Task: (UPDATE|DELETE FROM|INSERT INTO) shard\.\w+) AS', '\1');
        line := regexp_replace(line, 'Node: worker[12]', 'Node: a worker');
        RETURN NEXT regexp_replace(line, 'Bytes Received: [1-9]\d*', 'Bytes Received: some');
    END LOOP;
END $$;
CREATE FUNCTION json_plan_of(query text, options text DEFAULT 'COSTS OFF') RETURNS json LANGUAGE plpgsql AS $$
DECLARE result json;
BEGIN
    EXECUTE format('EXPLAIN (%s, FORMAT JSON) %s', options, query) INTO result;
    RETURN result -> 0 -> 'Plan';
END $$;

SELECT plan_of('SELECT * FROM items WHERE id = 7');
SELECT plan_of('SELECT name, price FROM items WHERE price > 500 ORDER BY name');
SELECT plan_of('SELECT name FROM items WHERE id = 7', 'COSTS OFF, VERBOSE');
-- All tasks.
SELECT plan_of('SELECT name FROM items', 'COSTS OFF, VERBOSE');
SELECT plan_of('SELECT name FROM items WHERE id IN (1, 2, 3)', 'COSTS OFF, VERBOSE');
SELECT plan_of('UPDATE items SET price = 0 WHERE id = 7');
SELECT plan_of('UPDATE items SET price = 0');
SELECT plan_of('DELETE FROM items WHERE price = 5 RETURNING id');
SELECT plan_of('INSERT INTO items VALUES (1000, ''new'', 1)');
SELECT plan_of('INSERT INTO items SELECT i, ''new'' FROM generate_series(1000, 1003) i');
SELECT plan_of('SELECT * FROM rates');
SELECT plan_of('UPDATE rates SET rate = 2');
SET herd.explain_node_plans = off;
SELECT plan_of('SELECT * FROM items WHERE id = 7');
RESET herd.explain_node_plans;
SELECT count(*) FILTER (WHERE price = 0), count(*) FILTER (WHERE id >= 1000), count(*) FROM items;

-- ANALYZE runs the statement, and counts.
SELECT plan_of('SELECT * FROM items WHERE id = 7', 'COSTS OFF, ANALYZE, TIMING OFF, SUMMARY OFF');
SELECT plan_of('SELECT count(*) FROM items WHERE price > 500', 'COSTS OFF, ANALYZE, TIMING OFF, SUMMARY OFF');
SELECT plan_of('SELECT * FROM items WHERE id = 1000', 'COSTS OFF, ANALYZE, TIMING OFF, SUMMARY OFF');
SELECT plan_of('SELECT price FROM items', 'COSTS OFF, ANALYZE, VERBOSE, TIMING OFF, SUMMARY OFF');
-- A subquery that is asked again and again, rows that travel to the shards.
SELECT plan_of('SELECT count((SELECT i.name FROM items i WHERE i.price = g)) FROM generate_series(1, 20) g',
               'COSTS OFF, ANALYZE, TIMING OFF, SUMMARY OFF');
CREATE TABLE wanted AS SELECT i * 10 AS price FROM generate_series(1, 5) i;
ANALYZE items, wanted;
SELECT plan_of('SELECT i.name FROM items i JOIN wanted w ON w.price = i.price', 'COSTS OFF');
SELECT plan_of('SELECT i.name FROM items i JOIN wanted w ON w.price = i.price', 'COSTS OFF, ANALYZE, TIMING OFF, SUMMARY OFF');
-- Not read to its end: merged rows; rows of a shard that nobody wants any more.
SELECT plan_of('SELECT name FROM items ORDER BY name LIMIT 2', 'COSTS OFF, ANALYZE, TIMING OFF, SUMMARY OFF');
SELECT plan_of('SELECT 1 FROM items WHERE random() >= 0 LIMIT 1', 'COSTS OFF, ANALYZE, TIMING OFF, SUMMARY OFF');
-- What nodes measured; a node's plan tells of its settings, not of ours.
SELECT line ~ 'Buffers: shared hit=' AS buffers, count(*) FROM plan_of('SELECT name FROM items WHERE id = 7',
    'COSTS OFF, ANALYZE, TIMING OFF, SUMMARY OFF, BUFFERS') line WHERE line ~ '^ *Buffers' GROUP BY 1;
SELECT regexp_replace(line, '\d+', 'n', 'g') AS line FROM plan_of('SELECT name FROM items', 'ANALYZE') line WHERE line ~ 'Task Time';
SELECT line FROM plan_of('SELECT name FROM items WHERE id = 7', 'COSTS OFF, SETTINGS') line WHERE line ~ 'Settings';
SELECT line FROM plan_of('SELECT name FROM items WHERE id = 7', 'COSTS OFF, SETTINGS, ANALYZE, TIMING OFF') line WHERE line ~ 'Settings';
BEGIN;
SELECT line ~ 'WAL: records=[1-9]' AS wal FROM plan_of('UPDATE items SET price = price + 1 WHERE id = 7',
    'COSTS OFF, ANALYZE, TIMING OFF, SUMMARY OFF, WAL') line WHERE line ~ 'WAL';
SELECT price FROM items WHERE id = 7;
ROLLBACK;
BEGIN;
SELECT plan_of('UPDATE items SET price = 0 WHERE id = 7', 'COSTS OFF, ANALYZE, TIMING OFF, SUMMARY OFF');
SELECT plan_of('UPDATE items SET price = 0 WHERE id <= 50', 'COSTS OFF, ANALYZE, TIMING OFF, SUMMARY OFF');
SELECT plan_of('INSERT INTO items SELECT i FROM generate_series(1000, 1003) i', 'COSTS OFF, ANALYZE, TIMING OFF, SUMMARY OFF');
SELECT count(*) FILTER (WHERE price = 0), count(*) FILTER (WHERE id >= 1000), count(*) FROM items;
ROLLBACK;
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) UPDATE items SET price = 1 / 0 WHERE id = 7;
SELECT count(*) FILTER (WHERE price = 0), count(*) FROM items;
SELECT current_setting('herd.plan_report') AS left_behind;
DO $$ BEGIN EXECUTE 'EXPLAIN ANALYZE UPDATE items SET price = 1 / 0 WHERE id = 7'; EXCEPTION WHEN division_by_zero THEN NULL; END $$;
SELECT current_setting('herd.plan_report') AS left_behind;

-- The other formats, with all that text has.
CREATE FUNCTION document_of(query text, options text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
    EXECUTE format('EXPLAIN (COSTS OFF, SUMMARY OFF, %s) %s', options, query) INTO result;
    RETURN regexp_replace(regexp_replace(result, 'herd_\d+_\d+', 'shard', 'g'), 'worker[12]', 'a worker', 'g');
END $$;
SELECT json_pretty.* FROM jsonb_pretty(document_of('SELECT name FROM items WHERE id = 7', 'FORMAT JSON')::jsonb) json_pretty;
SELECT p ->> 'Custom Plan Provider' AS provider, p ->> 'Shards' AS shards, p ->> 'Tasks' AS tasks, p ->> 'Nodes' AS nodes,
       p ->> 'Actual Rows' AS rows, (p ->> 'Bytes Received')::int > 500 AS bytes, p ->> 'Task Rows Max' AS most,
       t -> 'Plan' ->> 'Node Type' AS node_type, (t -> 'Plan' ->> 'Actual Rows')::int > 10 AS node_rows
    FROM json_plan_of('SELECT name, id FROM items', 'ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF') p,
         json_array_elements(p -> 'Node Tasks') t;
SELECT p -> 'Plans' -> 0 ->> 'Shards' AS shards, json_array_length(p -> 'Plans' -> 0 -> 'Node Tasks') AS tasks
    FROM json_plan_of('SELECT count(*) FROM items', 'VERBOSE') p;
SELECT document_of('SELECT count(*) FROM items WHERE price > 5', 'ANALYZE, TIMING OFF, FORMAT YAML');
SELECT xpath('//e:Node-Task/e:Plan/e:Node-Type/text()', document_of('SELECT count(*) FROM items', 'VERBOSE, ' || a || 'FORMAT XML')::xml,
             '{{e,http://www.postgresql.org/2009/explain}}') AS xml FROM unnest('{"","ANALYZE, TIMING OFF, "}'::text[]) a;
-- Prepared: by parameter as long as there is no value.
SET plan_cache_mode = force_generic_plan;
PREPARE by_key (int) AS SELECT name FROM items WHERE id = $1;
SELECT plan_of('EXECUTE by_key(7)');
CREATE FUNCTION by_argument(int) RETURNS text LANGUAGE sql AS 'SELECT name FROM items WHERE id = $1';
SELECT by_argument(7);
RESET plan_cache_mode;
SELECT plan_of('SELECT (SELECT name FROM items i WHERE i.id = g) FROM generate_series(1, 3) g');
-- Without the privilege, as for any table.
CREATE ROLE executor_explain_user;
GRANT USAGE ON SCHEMA executor_explain TO executor_explain_user;
SET ROLE executor_explain_user;
SELECT plan_of('SELECT * FROM items WHERE id = 7');
EXPLAIN SELECT * FROM items;
RESET ROLE;
SET client_min_messages = warning;
DROP SCHEMA executor_explain CASCADE;
DROP ROLE executor_explain_user;
