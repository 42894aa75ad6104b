-- A security label says how a table is distributed; writing one, as a restored dump does, distributes the table.
CREATE SCHEMA commands_label;
SET search_path = commands_label;
SET herd.shard_count = 4;
\set SHOW_CONTEXT never
CREATE TABLE heap (id int PRIMARY KEY, v text);
INSERT INTO heap SELECT i, 'v' || i FROM generate_series(1, 10) i;
SECURITY LABEL FOR herd ON TABLE heap IS 'hash(id) shards=3 group=11111111-2222-3333-4444-555555555555';
SELECT count(*) FROM heap;
SELECT label FROM pg_seclabels WHERE objoid = 'heap'::regclass;
SELECT distribution_column, method, shard_count, access_method FROM herd.tables WHERE table_name = 'heap'::regclass;

-- a shell without distribution
CREATE TABLE shell (id bigint, "the ""key" text) USING herd;
SELECT * FROM shell;
INSERT INTO shell VALUES (1, 'x');
\copy shell FROM '/dev/null'
SECURITY LABEL FOR herd ON TABLE shell IS 'hash(id) shards=3 group=11111111-2222-3333-4444-555555555555';
INSERT INTO shell VALUES (1, 'x');
SELECT * FROM shell;
SELECT count(DISTINCT group_id) FROM herd.tables;
CREATE TABLE quoted ("the ""key" text) USING herd;
SECURITY LABEL FOR herd ON TABLE quoted IS 'hash("the ""key") shards=2';
SELECT regexp_replace(label, 'group=\S+', 'group=…') AS label FROM pg_seclabels WHERE objoid = 'quoted'::regclass;
CREATE TABLE ref (id int) USING herd;
SECURITY LABEL FOR herd ON TABLE ref IS 'reference';
INSERT INTO ref VALUES (1);
SELECT * FROM ref;

-- the same label again is fine, another is not
SECURITY LABEL FOR herd ON TABLE heap IS 'hash(id) shards=3 group=11111111-2222-3333-4444-555555555555';
SECURITY LABEL FOR herd ON TABLE heap IS 'hash(v)';
SECURITY LABEL FOR herd ON TABLE heap IS NULL;

-- bad labels
CREATE TABLE t (id int, k text);
SECURITY LABEL FOR herd ON TABLE t IS '';
SECURITY LABEL FOR herd ON TABLE t IS 'hash';
SECURITY LABEL FOR herd ON TABLE t IS 'hash()';
SECURITY LABEL FOR herd ON TABLE t IS 'hash(id';
SECURITY LABEL FOR herd ON TABLE t IS 'hash("id';
SECURITY LABEL FOR herd ON TABLE t IS 'hash(id) shards=0';
SECURITY LABEL FOR herd ON TABLE t IS 'hash(id) shards=99999999999';
SECURITY LABEL FOR herd ON TABLE t IS 'hash(id) group=1';
SECURITY LABEL FOR herd ON TABLE t IS 'hash(id) colour=red';
SECURITY LABEL FOR herd ON TABLE t IS 'hash(missing)';
SECURITY LABEL FOR herd ON TABLE t IS 'hash(k) group=11111111-2222-3333-4444-555555555555';
SECURITY LABEL FOR herd ON TABLE t IS 'hash(id) shards=7 group=11111111-2222-3333-4444-555555555555';
SECURITY LABEL FOR herd ON TABLE t IS NULL;
SECURITY LABEL FOR herd ON COLUMN t.id IS 'hash(id)';
SECURITY LABEL FOR herd ON SCHEMA commands_label IS 'hash(id)';
SECURITY LABEL FOR herd ON TABLE missing IS 'reference';
CREATE VIEW v AS SELECT 1 AS id;
SECURITY LABEL FOR herd ON TABLE v IS 'reference';
SELECT count(*) FROM pg_seclabels WHERE objoid = 't'::regclass;
-- only the owner
CREATE ROLE commands_label_user;
GRANT ALL ON SCHEMA commands_label TO commands_label_user;
SET ROLE commands_label_user;
SECURITY LABEL FOR herd ON TABLE t IS 'hash(id)';
RESET ROLE;
SET client_min_messages = warning;
DROP SCHEMA commands_label CASCADE;
DROP ROLE commands_label_user;
SELECT count(*) FROM herd.colocation;
