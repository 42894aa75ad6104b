-- DROP and TRUNCATE reach the shards however they come about, and leave nothing behind.
CREATE SCHEMA commands_drop;
SET search_path = commands_drop;
SET herd.shard_count = 4;
\set SHOW_CONTEXT never
CREATE VIEW leftovers AS
    SELECT (SELECT count(*) FROM herd.tables) AS tables, (SELECT count(*) FROM herd.colocation) AS groups,
           (SELECT count(*) FROM herd.placement) AS placements;
CREATE TABLE ref (id int PRIMARY KEY);
CREATE TABLE a (id int PRIMARY KEY, s serial, r int REFERENCES ref);
CREATE TABLE b (id int PRIMARY KEY REFERENCES a);
CREATE TABLE c (id int PRIMARY KEY);
SELECT herd.create_reference_table('ref');
SELECT herd.create_distributed_table('a', 'id'), herd.create_distributed_table('b', 'id'),
       herd.create_distributed_table('c', 'id', colocate_with => 'none');
INSERT INTO ref VALUES (1);
INSERT INTO a (id, r) SELECT i, 1 FROM generate_series(1, 20) i;
INSERT INTO b SELECT generate_series(1, 20);
INSERT INTO c SELECT generate_series(1, 20);

-- TRUNCATE
TRUNCATE a;
TRUNCATE c, a;
SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b), (SELECT count(*) FROM c);
BEGIN;
TRUNCATE b, c;
SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b), (SELECT count(*) FROM c);
ROLLBACK;
SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b), (SELECT count(*) FROM c);
TRUNCATE a, b RESTART IDENTITY;
SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b), (SELECT count(*) FROM c);
INSERT INTO a (id, r) VALUES (7, 1) RETURNING s;
INSERT INTO b VALUES (7);
TRUNCATE ref;
TRUNCATE ref CASCADE;
SELECT (SELECT count(*) FROM ref), (SELECT count(*) FROM a), (SELECT count(*) FROM b), (SELECT count(*) FROM c);
TRUNCATE ONLY c;
SELECT count(*) FROM c;
CREATE TABLE plain (id int);
INSERT INTO plain VALUES (1);
INSERT INTO c VALUES (1);
TRUNCATE plain, c;
SELECT (SELECT count(*) FROM plain), (SELECT count(*) FROM c);
DO $$ BEGIN TRUNCATE c; END $$;

-- DROP
DROP TABLE a;
BEGIN;
DROP TABLE a CASCADE;
INSERT INTO b VALUES (1000);
ROLLBACK;
INSERT INTO b VALUES (1000);
DROP TABLE a CASCADE;
INSERT INTO b VALUES (1000);
SELECT table_name FROM herd.tables ORDER BY table_name::text;
BEGIN;
DROP TABLE b, c;
ROLLBACK;
SELECT count(*) FROM b;
DO $$ BEGIN DROP TABLE b; EXCEPTION WHEN OTHERS THEN RAISE; END $$;
DO $$ BEGIN
    BEGIN
        DROP TABLE c;
        RAISE 'undo';
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
END $$;
SELECT count(*) FROM c;
DROP TABLE IF EXISTS c, missing;
SELECT * FROM leftovers;
DROP TABLE ref;
SELECT * FROM leftovers;

-- by the schema, by the owner
CREATE SCHEMA commands_drop_two;
CREATE TABLE commands_drop_two.t (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY REFERENCES commands_drop_two.t);
SELECT herd.create_distributed_table('commands_drop_two.t', 'id'), herd.create_distributed_table('t', 'id');
INSERT INTO commands_drop_two.t VALUES (1);
INSERT INTO t VALUES (1), (2);
INSERT INTO t VALUES (1);
DROP SCHEMA commands_drop_two CASCADE;
INSERT INTO t VALUES (2);
SELECT * FROM t ORDER BY id;
CREATE ROLE commands_drop_user;
GRANT ALL ON SCHEMA commands_drop TO commands_drop_user;
SET ROLE commands_drop_user;
CREATE TABLE owned (id int PRIMARY KEY);
SELECT herd.create_distributed_table('owned', 'id');
RESET ROLE;
DROP OWNED BY commands_drop_user;
DROP ROLE commands_drop_user;
SELECT table_name FROM herd.tables ORDER BY table_name::text;
-- the schema of a shard can be used again
CREATE TABLE owned (id int PRIMARY KEY, v int);
SELECT herd.create_distributed_table('owned', 'id');
INSERT INTO owned VALUES (1, 2);
SELECT * FROM owned;

-- what is still needed stays
DROP EXTENSION herd;
DROP EXTENSION herd CASCADE;
DROP SCHEMA herd CASCADE;
DROP ACCESS METHOD herd;
SET client_min_messages = warning;
DROP SCHEMA commands_drop CASCADE;
DROP EXTENSION herd;
SELECT count(*) FROM herd.colocation;
