-- A gather that brings too much is ended with a hint; what has to be kept meanwhile counts as temporary files.
CREATE SCHEMA executor_gather_limits;
SET search_path = executor_gather_limits;
SET herd.shard_count = 4;
\set SHOW_CONTEXT never
CREATE TABLE items (id int PRIMARY KEY, other int, name text);
SELECT herd.create_distributed_table('items', 'id');
INSERT INTO items SELECT i, i, repeat('x', 100) FROM generate_series(1, 20000) i;

SHOW herd.max_gathered_bytes;
SET herd.max_gathered_bytes = '100kB';
SELECT count(*), sum(length(name)) FROM items;
SELECT name FROM items WHERE id = 7;
SELECT count(name) FROM (SELECT * FROM items WHERE id < 500 OFFSET 0) s;
SELECT count(name) FROM (SELECT * FROM items OFFSET 0) s;
\echo :SQLSTATE
-- The rows of all runs of a scan count together.
SELECT (SELECT max(i.name) FROM items i WHERE i.other BETWEEN g AND g + 100 AND g > random() - 1) IS NULL AS nothing, count(*)
    FROM generate_series(1, 20) g GROUP BY 1;
-- A cursor's rows count when they are fetched.
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM items;
FETCH 1 FROM c \gset
MOVE ALL FROM c;
ROLLBACK;
SET herd.max_gathered_bytes = '100MB';
SELECT count(name) FROM (SELECT * FROM items OFFSET 0) s;
RESET herd.max_gathered_bytes;

-- Another statement needs the connections: the rest of the first is kept.
SET work_mem = '64kB';
SET herd.max_read_connections_per_node = 1;
SET temp_file_limit = '256kB';
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM items;
FETCH 1 FROM c \gset
SELECT count(*) FROM items;
ROLLBACK;
RESET temp_file_limit;
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM items;
FETCH 1 FROM c \gset
SELECT count(*) FROM items;
MOVE ALL FROM c;
ROLLBACK;
SET client_min_messages = warning;
DROP SCHEMA executor_gather_limits CASCADE;
