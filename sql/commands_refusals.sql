-- What can't be distributed: each refusal with its SQLSTATE, reason and hint, and nothing is changed by any.
CREATE SCHEMA commands_refusals;
SET search_path = commands_refusals;
SET herd.shard_count = 2;
\set VERBOSITY default
\set SHOW_CONTEXT never
CREATE TABLE t (id int PRIMARY KEY, v text, j jsonb, p point, n interval, ci text);
CREATE TABLE local (id int PRIMARY KEY);

-- arguments
SELECT herd.create_distributed_table(NULL, 'id');
SELECT herd.create_distributed_table('t', NULL);
SELECT herd.create_distributed_table('t', 'id', colocate_with => NULL);
SELECT herd.create_distributed_table('t', 'id', 0);
SELECT herd.create_distributed_table('t', 'id', -1);
SELECT herd.create_distributed_table('t', 'id', 64001);
SELECT herd.create_distributed_table('missing', 'id');
SELECT herd.create_distributed_table(1234567::oid::regclass, 'id');
SELECT herd.create_reference_table(NULL);
SELECT herd.undistribute_table(NULL);
SELECT herd.undistribute_table('t');
SELECT herd.create_distributed_table('t', 'id', colocate_with => 'local');
SELECT herd.create_distributed_table('t', 'id', colocate_with => 'missing');
SELECT herd.create_distributed_table('t', 'id', colocate_with => 'a.b.c.d.e');

-- columns
SELECT herd.create_distributed_table('t', 'missing');
SELECT herd.create_distributed_table('t', 'ID');
SELECT herd.create_distributed_table('t', 'id"; DROP TABLE t; --');
SELECT herd.create_distributed_table('t', 'ctid');
SELECT herd.create_distributed_table('t', 'j');
SELECT herd.create_distributed_table('t', 'p');
SELECT herd.create_distributed_table('t', 'n');
CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE under_ci (k text COLLATE ci);
SELECT herd.create_distributed_table('under_ci', 'k');
CREATE TABLE generated (a int, k int GENERATED ALWAYS AS (a + 1) STORED);
SELECT herd.create_distributed_table('generated', 'k');

-- keys
SELECT herd.create_distributed_table('t', 'v');
CREATE TABLE uniques (a int, b int, UNIQUE (b));
SELECT herd.create_distributed_table('uniques', 'a');
CREATE TABLE unique_index (a int, b int);
CREATE UNIQUE INDEX expression_index ON unique_index ((a + 1));
SELECT herd.create_distributed_table('unique_index', 'a');
CREATE TABLE excluded (a int, during tsrange, EXCLUDE USING gist (during WITH &&));
SELECT herd.create_distributed_table('excluded', 'a');
CREATE FUNCTION own(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1';
CREATE TABLE calls (a int CHECK (own(a) > 0));
SELECT herd.create_distributed_table('calls', 'a');
CREATE TABLE calls_volatile (a int CHECK (query_to_xml('SELECT 1', false, false, '') IS NOT NULL));
SELECT herd.create_distributed_table('calls_volatile', 'a');
CREATE TABLE calls_stable (a int CHECK (to_regclass(a::text) IS NULL));
SELECT herd.create_distributed_table('calls_stable', 'a');
CREATE TABLE calls_time (a int, at timestamptz, CHECK (at::date < 'infinity' AND at < now() + '1 day' AND a || 'x' <> ''));
SELECT herd.create_distributed_table('calls_time', 'a');
INSERT INTO calls_time VALUES (1, '2020-01-01');
DROP TABLE calls_time;
CREATE DOMAIN watched AS int CHECK (query_to_xml('SELECT ' || VALUE, false, false, '') IS NOT NULL);
CREATE TYPE pair_of_watched AS (a int, b watched[]);
CREATE TABLE calls_domain (a int, w pair_of_watched);
SELECT herd.create_distributed_table('calls_domain', 'a');
CREATE TABLE calls_index (a int);
CREATE INDEX calls_index_own ON calls_index (own(a));
SELECT herd.create_distributed_table('calls_index', 'a');

-- foreign keys
CREATE TABLE refers (id int PRIMARY KEY, local_id int REFERENCES local);
SELECT herd.create_distributed_table('refers', 'id');
SELECT herd.create_reference_table('refers');
INSERT INTO local VALUES (1);
INSERT INTO refers VALUES (1, 1);
SELECT herd.create_distributed_table('local', 'id');
DELETE FROM refers;
SELECT herd.create_distributed_table('local', 'id');
SELECT herd.create_distributed_table('refers', 'id');
INSERT INTO refers VALUES (1, 1);
ALTER TABLE refers DROP CONSTRAINT refers_local_id_fkey;
CREATE TABLE elsewhere (id int REFERENCES local);
SELECT herd.create_distributed_table('elsewhere', 'id', colocate_with => 'none');
SELECT herd.create_reference_table('elsewhere');
CREATE TABLE acts (id int REFERENCES local ON DELETE SET NULL);
SELECT herd.create_distributed_table('acts', 'id', colocate_with => 'local');
CREATE TABLE cascades (id int REFERENCES local ON UPDATE CASCADE);
SELECT herd.create_distributed_table('cascades', 'id', colocate_with => 'local');

-- kinds of relations
CREATE VIEW v AS SELECT 1 AS id;
SELECT herd.create_distributed_table('v', 'id');
CREATE MATERIALIZED VIEW mv AS SELECT 1 AS id;
SELECT herd.create_distributed_table('mv', 'id');
CREATE SEQUENCE s;
SELECT herd.create_distributed_table('s', 'last_value');
SELECT herd.create_distributed_table('t_pkey', 'id');
CREATE TEMP TABLE tt (id int);
SELECT herd.create_distributed_table('tt', 'id');
CREATE TABLE parted (id int) PARTITION BY RANGE (id);
CREATE TABLE part1 PARTITION OF parted DEFAULT;
SELECT herd.create_distributed_table('parted', 'id');
SELECT herd.create_distributed_table('part1', 'id');
CREATE TABLE parent (id int);
CREATE TABLE child () INHERITS (parent);
SELECT herd.create_distributed_table('parent', 'id');
SELECT herd.create_distributed_table('child', 'id');
CREATE TYPE pair AS (id int, v text);
CREATE TABLE typed OF pair;
SELECT herd.create_distributed_table('typed', 'id');
SELECT herd.create_distributed_table('pg_class', 'oid');
SELECT herd.create_reference_table('pg_catalog.pg_proc');
SELECT herd.create_reference_table('herd.node');
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE triggered (id int);
CREATE TRIGGER watch AFTER INSERT ON triggered FOR EACH ROW EXECUTE FUNCTION trg();
SELECT herd.create_distributed_table('triggered', 'id');
CREATE TABLE ruled (id int);
CREATE RULE r AS ON DELETE TO ruled DO INSTEAD NOTHING;
SELECT herd.create_distributed_table('ruled', 'id');
CREATE TABLE published (id int);
CREATE PUBLICATION commands_refusals_pub FOR TABLE published;
SELECT herd.create_distributed_table('published', 'id');
DROP PUBLICATION commands_refusals_pub;

-- already distributed
SELECT herd.create_distributed_table('local', 'id');
SELECT herd.create_reference_table('local');
SELECT herd.create_distributed_table('t', 'id', 7, 'local');
CREATE TABLE ref (id int PRIMARY KEY);
SELECT herd.create_reference_table('ref');
SELECT herd.create_distributed_table('t', 'id', colocate_with => 'ref');
CREATE TABLE by_text (k text);
SELECT herd.create_distributed_table('by_text', 'k', colocate_with => 'local');

-- who may
CREATE ROLE commands_refusals_user;
GRANT ALL ON SCHEMA commands_refusals TO commands_refusals_user;
GRANT ALL ON ALL TABLES IN SCHEMA commands_refusals TO commands_refusals_user;
SET ROLE commands_refusals_user;
SELECT herd.create_distributed_table('t', 'id');
SELECT herd.create_reference_table('t');
SELECT herd.undistribute_table('local');
SELECT count(*) FROM herd.shard_sizes('local');
CREATE TABLE mine (id int PRIMARY KEY);
SELECT herd.create_distributed_table('mine', 'id');
INSERT INTO mine VALUES (1);
SELECT * FROM mine;
RESET ROLE;
REVOKE ALL ON local FROM commands_refusals_user;
SET ROLE commands_refusals_user;
SELECT count(*) FROM herd.shard_sizes('local');
RESET ROLE;
BEGIN READ ONLY;
SELECT herd.create_distributed_table('t', 'id');
ROLLBACK;
-- in use
CREATE TABLE busy (id int);
INSERT INTO busy VALUES (1), (2);
SELECT herd.create_distributed_table('busy', 'id') FROM busy;

-- nothing has changed
SELECT table_name FROM herd.tables ORDER BY table_name::text;
SELECT count(*) FROM pg_class c JOIN pg_am a ON a.oid = c.relam
WHERE amname = 'herd' AND relnamespace = 'commands_refusals'::regnamespace;
SET client_min_messages = warning;
DROP SCHEMA commands_refusals CASCADE;
DROP ROLE commands_refusals_user;
SELECT count(*) FROM herd.colocation;

-- colocating with a table takes its ownership too
CREATE SCHEMA refusals_colocate;
SET search_path = refusals_colocate;
CREATE TABLE theirs (id int);
SELECT herd.create_distributed_table('theirs', 'id', 4, 'none');
CREATE ROLE herd_colocate_user;
GRANT CREATE, USAGE ON SCHEMA refusals_colocate TO herd_colocate_user;
SET ROLE herd_colocate_user;
CREATE TABLE ours (id int);
SELECT herd.create_distributed_table('ours', 'id', colocate_with => 'theirs');
RESET ROLE;
DROP SCHEMA refusals_colocate CASCADE;
DROP ROLE herd_colocate_user;
