-- A shell gives the right rows or a clear error wherever PostgreSQL touches it without our planner.
CREATE SCHEMA access_shell;
SET search_path = access_shell;
CREATE TABLE orders (id bigint PRIMARY KEY, customer text, total numeric DEFAULT 1 CHECK (total > 0));
INSERT INTO orders SELECT i, 'customer ' || i % 7, i FROM generate_series(1, 100) i;
SELECT herd.create_distributed_table('orders', 'id', shard_count => 4);
SELECT amname FROM pg_class c JOIN pg_am a ON a.oid = relam WHERE c.oid = 'orders'::regclass;

-- COPY TO reads the shards.
COPY orders TO PROGRAM 'wc -l' (FORMAT csv, HEADER);
COPY (SELECT * FROM orders WHERE id <= 3 ORDER BY id) TO STDOUT;
CREATE TABLE plain (LIKE orders);
COPY orders TO '/dev/null';

-- ANALYZE sees the rows.
ANALYZE orders;
SELECT reltuples FROM pg_class WHERE oid = 'orders'::regclass;
SELECT attname, n_distinct FROM pg_stats WHERE schemaname = 'access_shell' AND tablename = 'orders' ORDER BY attname;
VACUUM orders;

-- No storage of its own, no TOAST table.
SELECT reltoastrelid, pg_relation_size('orders') FROM pg_class WHERE oid = 'orders'::regclass;

-- What would need rows that are here.
SELECT count(*) FROM orders TABLESAMPLE system (100);
SELECT * FROM orders WHERE ctid = '(0,1)';
VACUUM FULL orders;

-- A table with the access method but without a distribution.
CREATE TABLE alone (id int PRIMARY KEY) USING herd;
SELECT * FROM alone;
INSERT INTO alone VALUES (1);
COPY alone TO STDOUT;
CREATE INDEX ON alone (id);
DROP TABLE alone;
CREATE TABLE made USING herd AS SELECT 1 AS id;
CREATE MATERIALIZED VIEW made USING herd AS SELECT 1 AS id;
CREATE TEMPORARY TABLE made (id int) USING herd;

-- Back to a heap: all rows, all indexes, a TOAST table.
SELECT herd.undistribute_table('orders');
SELECT count(*), sum(total) FROM orders;
SELECT reltoastrelid <> 0 AS has_toast, amname FROM pg_class c JOIN pg_am a ON a.oid = relam
    WHERE c.oid = 'orders'::regclass;
SET enable_seqscan = off;
SELECT * FROM orders WHERE id = 50;
RESET enable_seqscan;

SET client_min_messages = warning;
DROP SCHEMA access_shell CASCADE;
