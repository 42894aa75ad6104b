-- Empty and filled tables become distributed and local again; nothing is lost, names and definitions reach the shards.
CREATE SCHEMA commands_distribute;
SET search_path = commands_distribute;
SET herd.shard_count = 4;
\set SHOW_CONTEXT never

CREATE TABLE kind (code text PRIMARY KEY, name text NOT NULL);
INSERT INTO kind VALUES ('a', 'first'), ('b', 'second');
SELECT herd.create_reference_table('kind');

CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE item (
    gone int,
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text REFERENCES kind,
    mood mood DEFAULT 'ok',
    amount positive,
    twice int GENERATED ALWAYS AS (amount * 2) STORED,
    "odd ""name" text COLLATE "C",
    tags text[],
    CONSTRAINT item_key PRIMARY KEY (id),
    CONSTRAINT amount_max CHECK (amount < 1000),
    CONSTRAINT once UNIQUE (id, kind)
);
ALTER TABLE item DROP COLUMN gone;
CREATE INDEX item_lower ON item (lower("odd ""name")) WHERE amount > 5;
-- a local table can't have rows that refer to a distributed one
INSERT INTO item (kind, amount, "odd ""name", tags) SELECT 'a', i, E'n\t' || i, ARRAY['x', NULL, i::text] FROM generate_series(1, 50) i;
ALTER TABLE item ALTER id RESTART;
INSERT INTO item (kind, amount, "odd ""name", tags) SELECT NULL, i, E'n\t' || i, ARRAY['x', NULL, i::text] FROM generate_series(1, 50) i;
CREATE TABLE item_before AS SELECT * FROM item;
SELECT herd.create_distributed_table('item', 'id');
SELECT count(*), sum(amount), sum(twice) AS twice FROM item;
SELECT * FROM item EXCEPT SELECT * FROM item_before;
SELECT * FROM item_before EXCEPT SELECT * FROM item;
INSERT INTO item (kind, amount) VALUES ('b', 7) RETURNING id, kind, mood, amount, twice;
INSERT INTO item (kind, amount) VALUES ('c', 7);
INSERT INTO item (kind, amount) VALUES ('a', 1001);
INSERT INTO item (id, kind, amount) OVERRIDING SYSTEM VALUE VALUES (5, 'a', 1);
SELECT table_name, distribution_column, method, shard_count, access_method FROM herd.tables ORDER BY table_name::text;
SELECT lower_hash, upper_hash, node FROM herd.shards WHERE table_name = 'item'::regclass ORDER BY lower_hash;
SELECT sum(row_count) AS rows, count(*) AS shards, bool_and(bytes > 0) AS has_bytes FROM herd.shard_sizes('item');
SELECT reltuples, relfilenode <> 0 AS has_file, (SELECT amname FROM pg_am WHERE oid = relam) FROM pg_class WHERE oid = 'item'::regclass;
SELECT conname, contype FROM pg_constraint WHERE conrelid = 'item'::regclass ORDER BY conname;
SELECT regexp_replace(label, 'group=\S+', 'group=…') AS label FROM pg_seclabels
WHERE provider = 'herd' AND objnamespace = 'commands_distribute'::regnamespace ORDER BY objname;

-- colocation
CREATE TABLE part (item_id bigint NOT NULL REFERENCES item, n int, PRIMARY KEY (item_id, n));
SELECT herd.create_distributed_table('part', 'item_id', colocate_with => 'item');
SELECT count(DISTINCT group_id) FROM herd.tables WHERE method = 'hash';
INSERT INTO part VALUES (1, 1), (2, 1), (2, 2);
INSERT INTO part VALUES (100000, 1);
DELETE FROM item WHERE id = 1;
CREATE TABLE alone (item_id int PRIMARY KEY);
SELECT herd.create_distributed_table('alone', 'item_id', colocate_with => 'none');
CREATE TABLE joined (item_id smallint PRIMARY KEY);
SELECT herd.create_distributed_table('joined', 'item_id');
CREATE TABLE more (item_id int PRIMARY KEY);
SELECT herd.create_distributed_table('more', 'item_id', 8);
SELECT table_name, dense_rank() OVER (ORDER BY group_id) AS grp, shard_count FROM herd.tables WHERE method = 'hash' ORDER BY table_name::text;

-- in a transaction that is rolled back
BEGIN;
CREATE TABLE undone (id int PRIMARY KEY);
SELECT herd.create_distributed_table('undone', 'id', colocate_with => 'none');
INSERT INTO undone SELECT generate_series(1, 10);
ROLLBACK;
BEGIN;
SAVEPOINT s;
CREATE TABLE undone (id int PRIMARY KEY);
INSERT INTO undone SELECT generate_series(1, 10);
SELECT herd.create_distributed_table('undone', 'id', colocate_with => 'none');
SELECT count(*) FROM undone;
ROLLBACK TO s;
COMMIT;
SELECT count(*) FROM herd.tables WHERE table_name::text LIKE '%undone%';

-- and local again
SELECT herd.undistribute_table('item');
SELECT herd.undistribute_table('part');
ALTER TABLE part DROP CONSTRAINT part_item_id_fkey;
ALTER TABLE item DROP CONSTRAINT item_kind_fkey;
SELECT herd.undistribute_table('item'), herd.undistribute_table('kind');
SELECT count(*), sum(amount), sum(twice) AS twice FROM item;
SELECT * FROM item_before EXCEPT SELECT * FROM item;
SELECT * FROM kind ORDER BY code;
SELECT amname FROM pg_class c JOIN pg_am a ON a.oid = c.relam WHERE c.oid = 'item'::regclass;
SELECT id, amount FROM item WHERE id = 17;
INSERT INTO item (kind, amount) VALUES ('zz', 7) RETURNING id, twice;
SELECT label FROM pg_seclabels WHERE objoid = 'item'::regclass;
SELECT herd.undistribute_table('item');
-- and again
SELECT herd.create_distributed_table('item', 'id');
SELECT count(*), sum(amount) FROM item;

-- NULL keys and every kind of key
CREATE TABLE nulls (k text, v int);
INSERT INTO nulls VALUES (NULL, 1), ('x', 2), (NULL, 3);
SELECT herd.create_distributed_table('nulls', 'k');
SELECT * FROM nulls ORDER BY v;
SELECT v FROM nulls WHERE k IS NULL ORDER BY v;
CREATE TABLE by_mood (m mood, d positive, PRIMARY KEY (m));
INSERT INTO by_mood VALUES ('sad', 1), ('happy', 2);
SELECT herd.create_distributed_table('by_mood', 'm');
SELECT * FROM by_mood WHERE m = 'happy';
CREATE TABLE "Quoted Table" ("The Key" uuid PRIMARY KEY, "select" int);
SELECT herd.create_distributed_table('"Quoted Table"', 'The Key');
INSERT INTO "Quoted Table" VALUES ('00000000-0000-0000-0000-000000000001', 1);
SELECT * FROM "Quoted Table";
SET client_min_messages = warning;
DROP SCHEMA commands_distribute CASCADE;
SELECT count(*) FROM herd.tables;
SELECT count(*) FROM herd.colocation;
SELECT count(*) FROM pg_namespace WHERE nspname ~ '^herd_\d';
