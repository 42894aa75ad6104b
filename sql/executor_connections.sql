-- Short work goes over one connection to each node, long work over more; what is short is known by statistics, then by measured times.
CREATE SCHEMA executor_connections;
SET search_path = executor_connections;
SET herd.shard_count = 8;
CREATE TABLE items (id int PRIMARY KEY, name text) WITH (autovacuum_enabled = off);
SELECT herd.create_distributed_table('items', 'id');
INSERT INTO items SELECT i, 'item ' || i FROM generate_series(1, 200) i;
SET herd.explain_node_plans = off;
SET herd.max_read_connections_per_node = 3;
-- Without running it: on two nodes.
CREATE FUNCTION task_sizes(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE plan jsonb;
BEGIN
    EXECUTE 'EXPLAIN (VERBOSE, FORMAT JSON) ' || query INTO plan;
    RETURN (SELECT string_agg(COALESCE(task ->> 'Chunk', '1 shard'), ', ' ORDER BY task ->> 'Chunk')
            FROM jsonb_path_query(plan, 'strict $.**."Node Tasks"[*]') task);
END $$;
\set long_query '$$SELECT count(*) FROM items WHERE md5(repeat(name, 100000)) <> \'\'$$'
-- Nothing is known: as many as may be.
SELECT task_sizes(:long_query);
ANALYZE items;
SELECT task_sizes(:long_query);
SELECT count(*) FROM items WHERE md5(repeat(name, 100000)) <> '';
SELECT task_sizes(:long_query);
SELECT task_sizes('SELECT count(*) FROM items');
SET herd.max_read_connections_per_node = 2;
SELECT task_sizes(:long_query);
SET herd.max_read_connections_per_node = 1;
SELECT task_sizes(:long_query);
RESET herd.max_read_connections_per_node;
-- Where the transaction has written, one connection sees it.
BEGIN;
UPDATE items SET name = 'new' WHERE id < 200;
SELECT task_sizes(:long_query);
ROLLBACK;
-- Many shards in a statement, but not all.
CREATE TABLE spread (id int PRIMARY KEY) WITH (autovacuum_enabled = off);
SELECT herd.create_distributed_table('spread', 'id', shard_count => 70);
ANALYZE spread;
SELECT task_sizes('SELECT count(*) FROM spread');
INSERT INTO spread SELECT generate_series(1, 1000);
SELECT count(*), sum(id) FROM spread;
SET client_min_messages = warning;
DROP SCHEMA executor_connections CASCADE;
