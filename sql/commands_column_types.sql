-- ALTER COLUMN TYPE converts the rows in their shards, or is refused and changes nothing.
CREATE SCHEMA column_types;
SET search_path = column_types;
SET herd.shard_count = 4;
\set SHOW_CONTEXT never
CREATE TABLE t (
    id int PRIMARY KEY, s varchar(10) DEFAULT 'q', v int DEFAULT 7, n numeric(10, 2) CHECK (n > 0), at timestamptz DEFAULT '2024-01-01 00:00+00',
    j text, yes text, c char(3), a text[], gone int, CONSTRAINT once UNIQUE (id, s), CONSTRAINT lucky CHECK (v <> 13) NOT VALID
);
SELECT herd.create_distributed_table('t', 'id');
ALTER TABLE t DROP COLUMN gone;
CREATE INDEX t_v ON t (v) WHERE v > 0;
CREATE INDEX t_s ON t (lower(s), v DESC);
CREATE STATISTICS t_st ON s, v FROM t;
INSERT INTO t (id, s, n, j, yes, c, a)
SELECT i, 's' || i, i * 1.25, '{"a": ' || i || '}', CASE WHEN i % 2 = 0 THEN 'true' ELSE 'no' END, 'x', ARRAY['1'] FROM generate_series(1, 50) i;
PREPARE by_key AS SELECT id FROM t WHERE v = 7 ORDER BY id LIMIT 2;
EXECUTE by_key;

ALTER TABLE t ALTER COLUMN s TYPE varchar(40);
ALTER TABLE t ALTER COLUMN s SET DATA TYPE text;
ALTER TABLE t ALTER s TYPE varchar(2);
ALTER TABLE t ALTER v TYPE bigint, ALTER v SET DEFAULT 8, ALTER v SET NOT NULL;
ALTER TABLE t ALTER n TYPE numeric(12, 4), ALTER j TYPE jsonb USING j::jsonb, ALTER yes TYPE boolean USING yes::boolean;
ALTER TABLE t ALTER yes TYPE int USING CASE WHEN yes THEN v + 1 ELSE 0 END;
ALTER TABLE t ALTER v TYPE int USING v / 0;
ALTER TABLE t ALTER a TYPE int[] USING a::int[], ALTER c TYPE text COLLATE "C";
ALTER TABLE t ALTER at TYPE timestamp USING at AT TIME ZONE 'UTC';
EXECUTE by_key;
SELECT * FROM t ORDER BY id LIMIT 3;
INSERT INTO t (id, v, s) VALUES (100, 13, 'x');
INSERT INTO t (id, n) VALUES (100, -1);
INSERT INTO t (id, v, n) VALUES (100, 5000000000, 0.0001) RETURNING v, n, at;
SELECT id FROM t WHERE lower(s) = 's7';
\d t

-- in a transaction
BEGIN;
ALTER TABLE t ALTER c TYPE jsonb USING ('"' || c || '"')::jsonb;
UPDATE t SET c = '[3]' WHERE id = 3 RETURNING c;
ROLLBACK;
BEGIN;
ALTER TABLE t DROP COLUMN yes, ADD COLUMN yes int;
DROP INDEX t_v;
ALTER TABLE t ALTER v TYPE numeric;
ALTER TABLE t ADD CONSTRAINT v_positive CHECK (v > 0);
COMMIT;
INSERT INTO t (id, v) VALUES (101, -1);
SELECT pg_typeof(v), sum(v) FROM t GROUP BY 1;

SELECT c FROM t WHERE id = 3;

-- the distribution column: where the row stays in its shard
ALTER TABLE t ALTER id TYPE bigint;
INSERT INTO t (id) VALUES (5000000000) RETURNING id;
SELECT id FROM t WHERE id IN (3, 5000000000) ORDER BY id;
ALTER TABLE t ALTER id TYPE int;
ALTER TABLE t ALTER id TYPE text;
ALTER TABLE t ALTER id TYPE bigint USING id + 1;
CREATE TABLE named (name varchar(10) PRIMARY KEY, v numeric(5, 3));
SELECT herd.create_distributed_table('named', 'name');
INSERT INTO named SELECT 'name' || i, i FROM generate_series(1, 20) i;
ALTER TABLE named ALTER name TYPE varchar(5);
ALTER TABLE named ALTER name TYPE varchar(20);
ALTER TABLE named ALTER name TYPE text;
ALTER TABLE named ALTER name TYPE varchar(20);
ALTER TABLE named ALTER name TYPE text COLLATE "C";
SELECT v FROM named WHERE name = 'name7';

-- copies of a reference table
CREATE TABLE rate (code char(3) PRIMARY KEY, rate int);
SELECT herd.create_reference_table('rate');
INSERT INTO rate VALUES ('a', 1), ('b', 2);
ALTER TABLE rate ALTER rate TYPE numeric(10, 2), ALTER code TYPE varchar(30);
UPDATE rate SET rate = rate / 3;
SELECT * FROM rate ORDER BY code;
SELECT count(*) FROM herd.check_reference_table('rate') WHERE NOT agrees;

-- refused: conversions that may differ from node to node, or run what users wrote
ALTER TABLE t ALTER at TYPE timestamptz;
ALTER TABLE t ALTER at TYPE text;
CREATE TYPE mood AS ENUM ('sad', 'happy');
ALTER TABLE t ALTER c TYPE mood USING 'sad';
CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
ALTER TABLE t ALTER yes TYPE int USING twice(yes);
ALTER TABLE t ALTER yes TYPE float USING random();
CREATE TABLE child (t_id bigint REFERENCES t, n int, twice_n int GENERATED ALWAYS AS (n * 2) STORED);
SELECT herd.create_distributed_table('child', 't_id', colocate_with => 't');
ALTER TABLE child ALTER t_id TYPE int;
ALTER TABLE child ALTER twice_n TYPE bigint;
ALTER TABLE t ALTER id TYPE int;
ALTER TABLE t ALTER c TYPE varchar(9), ADD COLUMN other int;
-- PostgreSQL's own errors
ALTER TABLE child ALTER n TYPE bigint;
ALTER TABLE t ALTER nope TYPE int;
ALTER TABLE t ALTER ctid TYPE int;
ALTER TABLE t ALTER s TYPE int;
ALTER TABLE t ALTER s TYPE nosuch;
ALTER TABLE t ALTER s TYPE int USING length(nope);
ALTER TABLE t ALTER s TYPE int USING (SELECT 1);
CREATE VIEW v AS SELECT s FROM t;
ALTER TABLE t ALTER s TYPE varchar(100);
SELECT * FROM herd.check_cluster();

SET client_min_messages = warning;
DROP SCHEMA column_types CASCADE;
