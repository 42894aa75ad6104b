-- Herd's own parts, for which plain PostgreSQL has no counterpart. {shard} is a shard relation of table doc on the node, {schema} its schema.
-- "on: nodes" runs it on every server that holds shards, else on the coordinator.

-- name: read_shard
-- as: priv_alice
-- on: nodes
-- error: 42501
SELECT * FROM {shard};

-- name: read_shard_as_member_of_read_all_data
-- as: priv_sees_all
-- on: nodes
-- error: 42501
SELECT * FROM {shard};

-- name: copy_shard_as_member_of_read_all_data
-- as: priv_sees_all
-- on: nodes
-- error: 42501
COPY {shard} TO STDOUT;

-- name: copy_query_of_shard_as_member_of_read_all_data
-- as: priv_sees_all
-- on: nodes
-- error: 42501
COPY (SELECT body FROM {shard}) TO STDOUT;

-- name: write_shard_as_member_of_write_all_data
-- as: priv_sees_all
-- on: nodes
-- error: 42501
UPDATE {shard} SET body = 'x';

-- name: insert_into_shard_as_member_of_write_all_data
-- as: priv_sees_all
-- on: nodes
-- error: 42501
INSERT INTO {shard} VALUES (1, 99, 'x', 'y', 1);

-- name: shard_in_function_as_member_of_read_all_data
-- as: priv_sees_all
-- on: nodes
-- error: 42501
DO $$ BEGIN PERFORM body FROM {shard}; END $$;

-- name: shard_in_a_query_on_the_shell
-- as: priv_sees_all
-- on: coordinator with shards
-- error: 42501
SELECT (SELECT max(body) FROM {shard}) FROM dist.account WHERE tenant = 1;

-- name: shard_as_owner_of_the_table
-- as: priv_owner
-- on: nodes
-- error: 42501
SELECT * FROM {shard};

-- name: insert_into_shard_as_owner
-- as: priv_owner
-- on: nodes
-- error: 42501
INSERT INTO {shard} VALUES (1, 99, 'x', 'y', 1);

-- name: truncate_shard_as_owner
-- as: priv_owner
-- on: nodes
-- error: 42501
TRUNCATE {shard};

-- name: drop_shard_as_owner
-- as: priv_owner
-- on: nodes
-- error: 42501
DROP TABLE {shard};

-- name: alter_shard_as_owner
-- as: priv_owner
-- on: nodes
-- error: 42501
ALTER TABLE {shard} ADD COLUMN x int;

-- name: grant_on_shard_as_owner
-- as: priv_owner
-- on: nodes
-- error: 42501
GRANT SELECT ON {shard} TO PUBLIC;

-- name: drop_shard_schema
-- as: priv_owner
-- on: nodes
-- error: 42501
DROP SCHEMA {schema} CASCADE;

-- name: create_in_shard_schema
-- as: priv_owner
-- on: nodes
-- error: 42501
CREATE TABLE {schema}.evil (v int);

-- name: inherit_from_shard
-- as: priv_owner
-- on: nodes
-- error: 42501
CREATE TEMP TABLE child () INHERITS ({shard});

-- name: copy_shard_definition
-- as: priv_alice
-- on: nodes
-- error: 42501
CREATE TEMP TABLE likeness (LIKE {shard});

-- name: reference_shard
-- as: priv_alice
-- on: nodes
-- error: 42501
CREATE TEMP TABLE child (a int, b int, FOREIGN KEY (a, b) REFERENCES {shard});

-- name: task_session_of_an_ordinary_role
-- as: priv_sees_all
-- on: nodes
-- options: -c herd.task_session=on
-- error: 42501
SELECT * FROM {shard};

-- name: task_header_of_an_ordinary_role
-- as: priv_sees_all
-- on: nodes
-- options: -c herd.task_session=on
PREPARE t(bytea) AS SELECT 1;
-- error: 42501
SELECT * FROM {shard} WHERE tenant = 1;

-- name: task_session_later
-- as: priv_alice
-- on: nodes
-- error: 55P02
SET herd.task_session = on;

-- name: allow_shard_access_of_an_ordinary_role
-- as: priv_sees_all
-- on: nodes
-- error: 42501
SET herd.allow_shard_access = on;

-- name: superuser_writes_shard_by_mistake
-- as: postgres
-- on: nodes
-- error: 42501
UPDATE {shard} SET body = 'x';

-- name: superuser_reads_shard_by_mistake
-- as: postgres
-- on: nodes
-- error: 42501
SELECT * FROM {shard};

-- name: superuser_repairs_shard
-- as: postgres
-- on: nodes
SET herd.allow_shard_access = on;
SELECT count(*) FROM {shard};
UPDATE {shard} SET body = body;

-- name: superuser_dumps_shard
-- as: postgres
-- on: nodes
COPY {shard} TO STDOUT;

-- name: superuser_analyzes_shard
-- as: postgres
-- on: nodes
ANALYZE {shard};

-- name: become_the_service_role
-- as: priv_alice
-- on: nodes
-- error: 42501
SET ROLE herd;

-- name: become_the_service_role_for_good
-- as: priv_alice
-- on: nodes
-- error: 42501
SET SESSION AUTHORIZATION herd;

-- name: write_metadata_node
-- as: priv_owner
-- error: 42501
UPDATE herd.node SET name = 'x';

-- name: write_metadata_placement
-- as: priv_sees_all
-- error: 42501
UPDATE herd.placement SET node_id = 0;

-- name: write_metadata_shard
-- as: priv_sees_all
-- error: 42501
DELETE FROM herd.shard;

-- name: write_metadata_table
-- as: priv_sees_all
-- error: 42501
UPDATE herd.distributed_table SET distribution_column = 2;

-- name: write_metadata_colocation
-- as: priv_sees_all
-- error: 42501
INSERT INTO herd.colocation (group_id, method, shard_count) VALUES (99, 'hash', 1);

-- name: write_metadata_cluster
-- as: priv_sees_all
-- on: nodes
-- error: 42501
UPDATE herd.cluster SET service_role = 'priv_sees_all'::regrole;

-- name: forge_a_commit_record
-- as: priv_sees_all
-- error: 42501
INSERT INTO herd.transaction VALUES (1, 1, 'x');

-- name: forget_commit_records
-- as: priv_sees_all
-- error: 42501
DELETE FROM herd.transaction;

-- name: copy_into_metadata
-- as: priv_sees_all
-- error: 42501
COPY herd.placement FROM STDIN;
\.

-- name: sequence_of_shards
-- as: priv_alice
-- error: 42501
SELECT nextval('herd.shard_id_seq');

-- name: create_in_schema_herd
-- as: priv_creator
-- error: 42501
CREATE FUNCTION herd.hash(int) RETURNS bigint LANGUAGE sql AS 'SELECT 1';

-- name: replace_function_of_herd
-- as: priv_creator
-- error: 42501
ALTER FUNCTION herd.hash(anyelement) OWNER TO priv_creator;

-- name: set_service_role
-- as: priv_alice
-- error: 42501
SELECT herd.set_service_role('priv_alice', 'p');

-- name: add_node
-- as: priv_alice
-- error: 42501
SELECT herd.add_node('127.0.0.1', 1);

-- name: remove_node
-- as: priv_alice
-- error: 42501
SELECT herd.remove_node('worker1');

-- name: set_node_holds_shards
-- as: priv_alice
-- error: 42501
SELECT herd.set_node_holds_shards('coordinator', true);

-- name: join_cluster
-- as: priv_alice
-- on: nodes
-- error: 42501
SELECT herd.join_cluster('00000000-0000-0000-0000-000000000000');

-- name: adopt_cluster
-- as: priv_alice
-- error: 42501
SELECT herd.adopt_cluster();

-- name: replace_coordinator
-- as: priv_alice
-- on: nodes
-- error: 42501
SELECT herd.replace_coordinator();

-- name: sync_roles
-- as: priv_alice
-- error: 42501
SELECT herd.sync_roles();

-- name: recover_transactions
-- as: priv_alice
-- error: 42501
SELECT herd.recover_transactions();

-- name: distribute_foreign_table
-- as: priv_alice
-- error: 42501
SELECT herd.create_distributed_table('plain.account', 'tenant');

-- name: reference_foreign_table
-- as: priv_alice
-- error: 42501
SELECT herd.create_reference_table('plain.country');

-- name: undistribute_foreign_table
-- as: priv_alice
-- error: 42501
SELECT herd.undistribute_table('dist.doc');

-- name: reference_to_a_table_without_grant
-- as: priv_creator
-- error: 42501
ALTER TABLE priv_schema.mine ADD FOREIGN KEY (t) REFERENCES dist.country;

-- name: colocate_with_foreign_table
-- as: priv_creator
CREATE TABLE priv_schema.g (k int);
-- error: 42501
SELECT herd.create_distributed_table('priv_schema.g', 'k', colocate_with => 'dist.account');

-- name: join_a_foreign_group_by_label
-- as: priv_creator
CREATE TABLE priv_schema.g (k int);
-- error: 42501
DO $$ BEGIN
    EXECUTE (SELECT format('SECURITY LABEL FOR herd ON TABLE priv_schema.g IS %L', replace(label, 'id', 'k'))
             FROM pg_seclabels WHERE objoid = 'dist.closed'::regclass);
END $$;

-- name: join_an_own_group_by_label
-- as: priv_creator
CREATE TABLE priv_schema.g (k int);
DO $$ BEGIN
    EXECUTE (SELECT format('SECURITY LABEL FOR herd ON TABLE priv_schema.g IS %L', label)
             FROM pg_seclabels WHERE objoid = 'priv_schema.mine'::regclass);
END $$;
SELECT 1 / count(*) FROM herd.tables WHERE table_name = 'priv_schema.g'::regclass;

-- name: sizes_without_grant
-- as: priv_none
-- error: 42501
SELECT * FROM herd.shard_sizes('dist.account');

-- name: sizes_under_row_security
-- as: priv_alice
-- error: 42501
SELECT * FROM herd.shard_sizes('dist.doc');

-- name: label_by_hand
-- as: priv_alice
-- error: 42501
SECURITY LABEL FOR herd ON TABLE dist.doc IS 'x';

-- name: change_access_method
-- as: priv_alice
-- error: 0A000
ALTER TABLE dist.doc SET ACCESS METHOD heap;

-- name: secret_in_user_mapping_table
-- as: priv_sees_all
-- error: 42501
SELECT umoptions FROM pg_user_mapping;

-- name: secret_in_user_mappings
-- as: priv_sees_all
SELECT count(umoptions) AS none FROM pg_user_mappings;

-- name: secret_in_information_schema
-- as: priv_sees_all
SELECT count(option_value) AS none FROM information_schema.user_mapping_options WHERE option_name = 'password';

-- name: secret_in_servers
-- as: priv_sees_all
SELECT count(*) AS none FROM pg_foreign_server, unnest(srvoptions) o WHERE o ~ 'password|user';

-- name: secret_in_activity
-- as: priv_sees_all
-- on: nodes
SELECT count(*) AS none FROM pg_stat_activity WHERE usename = 'herd' AND query NOT IN ('<insufficient privilege>', '');

-- name: own_user_mapping
-- as: priv_alice
-- on: coordinator with workers
-- error: 42501
CREATE USER MAPPING FOR CURRENT_USER SERVER worker1 OPTIONS (user 'postgres');

-- name: change_user_mapping
-- as: priv_alice
-- on: coordinator with workers
-- error: 42501
ALTER USER MAPPING FOR PUBLIC SERVER worker1 OPTIONS (SET password 'x');

-- name: change_server
-- as: priv_alice
-- on: coordinator with workers
-- error: 42501
ALTER SERVER worker1 OPTIONS (SET host 'evil');

-- name: server_of_herds_wrapper
-- as: priv_creator
-- error: 42501
CREATE SERVER evil FOREIGN DATA WRAPPER herd;

-- name: foreign_table_of_herds_server
-- as: priv_creator
-- on: coordinator with workers
-- error: 42501
CREATE FOREIGN TABLE priv_schema.f (v int) SERVER worker1;

-- In writes, user code runs on the coordinator as the user: spy() raises for anyone else.
-- name: user_code_in_a_domain_of_a_write
-- as: priv_creator
UPDATE priv_schema.mine SET v = k::priv_schema.evil;

-- name: user_code_in_a_domain_of_a_write_by_key
-- as: priv_creator
UPDATE priv_schema.mine SET v = k::priv_schema.evil WHERE k = 1;

-- name: user_code_in_a_constant_of_a_composite_type
-- as: priv_creator
SELECT count(*) FROM priv_schema.mine WHERE k = 1 AND '(1)'::priv_schema.pair IS NOT NULL;

-- name: user_code_in_a_constant_of_a_composite_type_of_a_write
-- as: priv_creator
UPDATE priv_schema.mine SET t = 'x' WHERE k = 1 AND ARRAY['(1)'::priv_schema.pair] IS NOT NULL;

-- name: user_code_in_returning
-- as: priv_creator
UPDATE priv_schema.mine SET v = 1 WHERE k = 1 RETURNING v::priv_schema.evil;

-- name: user_code_in_delete
-- as: priv_creator
DELETE FROM priv_schema.mine WHERE v::priv_schema.evil > 0;

-- name: user_code_in_on_conflict
-- as: priv_creator
-- error: 0A000
INSERT INTO priv_schema.mine VALUES (1, 1) ON CONFLICT (k) DO UPDATE SET v = excluded.v::priv_schema.evil;

-- name: user_code_in_a_row
-- as: priv_creator
UPDATE priv_schema.mine SET t = 'x' WHERE ROW(k)::priv_schema.pair IS NOT NULL;

-- name: user_code_in_a_text_cast
-- as: priv_creator
-- error: 22P02
UPDATE priv_schema.mine SET v = t::priv_schema.evil WHERE k = 1;

-- name: user_code_in_a_json_function
-- as: priv_creator
UPDATE priv_schema.mine SET v = (json_populate_record(NULL::priv_schema.pair, json_build_object('v', k))).v WHERE k = 1;

-- name: constant_of_a_write_is_computed_here
-- as: priv_creator
UPDATE priv_schema.mine SET t = ('(1)'::priv_schema.pair)::text || k WHERE k = 1;
UPDATE priv_schema.mine SET v = 5::priv_schema.evil WHERE k = 1;
INSERT INTO priv_schema.mine VALUES (20, 5::priv_schema.evil);

-- name: user_code_in_an_array_of_domains
-- as: priv_creator
UPDATE priv_schema.mine SET v = (ARRAY[k]::priv_schema.evil[])[1] WHERE k = 1;

-- name: user_code_in_a_condition
-- as: priv_creator
SELECT count(*) FROM priv_schema.mine WHERE k::priv_schema.evil > 0;
SELECT priv_schema.taken() AS none;

-- name: table_with_a_composite_of_user_code
-- as: priv_creator
CREATE TABLE priv_schema.t (k int, p priv_schema.pair);
-- error: 0A000
SELECT herd.create_distributed_table('priv_schema.t', 'k');

-- name: check_with_user_code
-- as: priv_creator
-- error: 0A000
ALTER TABLE priv_schema.mine ADD CHECK (priv_schema.spy(v));

-- name: check_with_a_domain_of_user_code
-- as: priv_creator
-- error: 0A000
ALTER TABLE priv_schema.mine ADD CHECK (v::priv_schema.evil > 0);

-- name: check_with_a_constant_of_user_code
-- as: priv_creator
-- error: 0A000
ALTER TABLE priv_schema.mine ADD CHECK ('(1)'::priv_schema.pair IS NOT NULL);

-- name: index_with_a_domain_of_user_code
-- as: priv_creator
-- error: 0A000
CREATE INDEX ON priv_schema.mine ((v::priv_schema.evil));

-- name: partial_index_with_a_domain_of_user_code
-- as: priv_creator
-- error: 0A000
CREATE INDEX ON priv_schema.mine (v) WHERE v::priv_schema.evil > 0;

-- name: generated_column_with_a_domain_of_user_code
-- as: priv_creator
CREATE TABLE priv_schema.g (k int, v int GENERATED ALWAYS AS (k::priv_schema.evil) STORED);
-- error: 0A000
SELECT herd.create_distributed_table('priv_schema.g', 'k');

-- name: column_of_a_domain_of_user_code
-- as: priv_creator
-- error: 0A000
ALTER TABLE priv_schema.mine ADD COLUMN e priv_schema.evil;

-- name: defaults_with_user_code_are_computed_as_the_user
-- as: priv_creator
CREATE TABLE priv_schema.g (k int, v int DEFAULT priv_schema.spy(1)::int, w int DEFAULT ('(1)'::priv_schema.pair).v::int, x bool DEFAULT ('(1)'::priv_schema.pair IS NOT NULL));
SELECT herd.create_distributed_table('priv_schema.g', 'k', 2);
INSERT INTO priv_schema.g (k) VALUES (1), (2), (3);
INSERT INTO priv_schema.g (k) VALUES (4);
INSERT INTO priv_schema.g (k) SELECT generate_series(5, 9);
UPDATE priv_schema.g SET v = DEFAULT WHERE k = 1;
COPY priv_schema.g (k) FROM STDIN;
11
12
\.
ALTER TABLE priv_schema.g ALTER COLUMN w SET DEFAULT priv_schema.spy(2)::int;
ALTER TABLE priv_schema.g ALTER COLUMN x SET DEFAULT ('(2)'::priv_schema.pair IS NOT NULL);
SELECT herd.undistribute_table('priv_schema.g');
SELECT count(*) FROM priv_schema.g WHERE v = 1;

-- name: new_column_with_user_code_in_its_default
-- as: priv_creator
ALTER TABLE priv_schema.mine ADD COLUMN d bool DEFAULT ('(1)'::priv_schema.pair IS NOT NULL);

-- name: new_column_with_a_function_in_its_default
-- as: priv_creator
ALTER TABLE priv_schema.mine ADD COLUMN d bool DEFAULT priv_schema.spy(1);

-- name: filled_table_of_user_code
-- as: priv_creator
CREATE TABLE priv_schema.g AS SELECT g AS k, ROW(g)::priv_schema.pair::text AS p FROM generate_series(1, 9) g;
CREATE VIEW priv_schema.v AS SELECT k::priv_schema.evil AS e FROM priv_schema.g;
SELECT herd.create_distributed_table('priv_schema.g', 'k', 2);
SELECT count(*) FROM priv_schema.v WHERE e > 0;
SELECT count(e) FROM priv_schema.v WHERE e = 1;
ANALYZE priv_schema.g;
SELECT herd.undistribute_table('priv_schema.g');

-- name: parameter_of_a_type_of_user_code
-- as: priv_creator
PREPARE p(priv_schema.evil, priv_schema.pair) AS UPDATE priv_schema.mine SET v = $1 WHERE k = $1;
EXECUTE p(1, '(1)');
PREPARE q(priv_schema.pair) AS SELECT count(*) FROM priv_schema.mine WHERE k = 1 AND $1 IS NOT NULL;
EXECUTE q('(1)');
EXECUTE q('(1)');

-- name: parameter_of_a_composite_of_user_code_in_a_write
-- as: priv_creator
PREPARE p(priv_schema.pair) AS UPDATE priv_schema.mine SET t = 'x' WHERE k = 1 AND $1 IS NOT NULL;
EXECUTE p('(1)');

-- name: expression_of_a_view_of_user_code
-- as: priv_creator
CREATE VIEW priv_schema.w AS SELECT k, v, (v::priv_schema.evil)::int AS e FROM priv_schema.mine;
DELETE FROM priv_schema.w WHERE e > 0;

-- name: change_of_type_with_user_code
-- as: priv_creator
-- error: 0A000
ALTER TABLE priv_schema.mine ALTER COLUMN v TYPE bool USING priv_schema.spy(v);

-- name: operator_of_user_code_in_a_write
-- as: priv_creator
CREATE FUNCTION priv_schema.same(int, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT priv_schema.spy($1)';
CREATE OPERATOR priv_schema.= (LEFTARG = int, RIGHTARG = int, FUNCTION = priv_schema.same);
UPDATE priv_schema.mine SET t = 'x' WHERE v OPERATOR(priv_schema.=) 1;

-- name: operator_of_user_code_on_the_key
-- as: priv_creator
CREATE FUNCTION priv_schema.same(int, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT priv_schema.spy($1)';
CREATE OPERATOR priv_schema.= (LEFTARG = int, RIGHTARG = int, FUNCTION = priv_schema.same);
SELECT count(*) > 1 FROM priv_schema.mine WHERE k OPERATOR(priv_schema.=) 1;

-- name: function_named_like_a_built_in_one
-- as: priv_creator
CREATE FUNCTION priv_schema.abs(int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'called as %', current_user; END $$;
SET search_path = priv_schema, pg_catalog;
-- error: P0001
UPDATE mine SET v = abs(v);

-- name: function_named_like_a_built_in_one_does_not_matter_to_tasks
-- as: priv_creator
CREATE FUNCTION priv_schema.int4pl(int, int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'called as %', current_user; END $$;
CREATE OPERATOR priv_schema.+ (LEFTARG = int, RIGHTARG = int, FUNCTION = priv_schema.int4pl);
UPDATE priv_schema.mine SET v = v + 1;
SET search_path = priv_schema, pg_catalog;
UPDATE mine SET v = v OPERATOR(pg_catalog.+) pg_catalog.abs(1);
CREATE TEMP TABLE mine (k int);
UPDATE priv_schema.mine SET v = v OPERATOR(pg_catalog.+) 1 WHERE k = 1;

-- name: domain_gets_user_code_later
-- as: priv_creator
CREATE DOMAIN priv_schema.late AS int;
CREATE TABLE priv_schema.g (k int, v priv_schema.late);
SELECT herd.create_distributed_table('priv_schema.g', 'k', 2);
-- error: 0A000
ALTER DOMAIN priv_schema.late ADD CHECK (priv_schema.spy(VALUE));

-- name: type_gets_user_code_later
-- as: priv_creator
CREATE TYPE priv_schema.later AS (v int);
CREATE TABLE priv_schema.g (k int, v priv_schema.later);
SELECT herd.create_distributed_table('priv_schema.g', 'k', 2);
-- error: 0A000
ALTER TYPE priv_schema.later ADD ATTRIBUTE w priv_schema.evil;

-- name: own_function_made_a_part_of_an_extension
-- as: priv_creator
-- error: 42501
ALTER EXTENSION herd ADD FUNCTION priv_schema.spy(int);

-- name: index_with_user_code
-- as: priv_creator
-- error: 0A000
CREATE INDEX ON priv_schema.mine ((priv_schema.spy(v)));

-- name: trigger_with_user_code
-- as: priv_creator
-- error: 0A000
CREATE TRIGGER t BEFORE INSERT ON priv_schema.mine FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();

-- name: policy_with_user_code_in_a_write
-- as: priv_creator
CREATE POLICY p ON priv_schema.mine USING (priv_schema.spy(v));
ALTER TABLE priv_schema.mine ENABLE ROW LEVEL SECURITY;
ALTER TABLE priv_schema.mine FORCE ROW LEVEL SECURITY;
UPDATE priv_schema.mine SET t = 'x' WHERE k = 1;

-- A new function or relation for everyone is a decision: look at what it tells and does, then add it here.
-- name: functions_for_everyone
-- as: priv_none
SELECT count(*) AS none, string_agg(proname, ' ') FROM pg_proc
    WHERE pronamespace = 'herd'::regnamespace AND has_function_privilege(oid, 'EXECUTE') AND proname NOT IN (
    'create_distributed_table', 'create_reference_table', 'undistribute_table',     -- ask for ownership
    'shard_sizes',                                                                  -- asks for SELECT
    'is_at',                                                                        -- compares two values
    'refuse_row',                                                                   -- raises
    'snapshot_report', 'await_transactions',                                        -- tell numbers of transactions
    'is_service_role', 'connection_counts',
    'fdw_validator', 'get_shard_id', 'hash', 'server_option', 'table_access_handler');

-- name: relations_for_everyone
-- as: priv_none
SELECT count(*) AS none, string_agg(relname, ' ') FROM pg_class
    WHERE relnamespace = 'herd'::regnamespace AND relkind IN ('r', 'v', 'm', 'f', 'p')
    AND (has_table_privilege(oid, 'INSERT, UPDATE, DELETE, TRUNCATE') OR
         has_table_privilege(oid, 'SELECT') AND relname NOT IN ('nodes', 'tables', 'shards', 'connections'));

-- name: everything_of_herd_belongs_to_superusers
-- as: priv_none
SELECT count(*) AS none FROM pg_class JOIN pg_roles r ON r.oid = relowner WHERE relnamespace = 'herd'::regnamespace AND NOT rolsuper;
SELECT count(*) AS none FROM pg_proc JOIN pg_roles r ON r.oid = proowner WHERE pronamespace = 'herd'::regnamespace AND NOT rolsuper;
SELECT count(*) AS none FROM pg_class JOIN pg_roles r ON r.oid = relowner
    WHERE relnamespace::regnamespace::text ~ '^herd_[0-9]+_[0-9]+$' AND NOT rolsuper;

-- name: settings_of_herd_that_only_superusers_change
-- as: priv_none
SELECT count(*) AS none FROM pg_settings WHERE name IN ('herd.allow_shard_access') AND context <> 'superuser';

-- Names and labels become parts of texts that nodes execute as the service role.
-- name: names_with_quotes
-- as: priv_creator
CREATE SCHEMA "priv's ""sch\ema$$" AUTHORIZATION priv_creator;
SET search_path = "priv's ""sch\ema$$";
CREATE TYPE "en'um\" AS ENUM ('la''bel', 'back\slash', '$$; x', '"');
CREATE DOMAIN "do'm""ain\$$" AS text CONSTRAINT "ch'eck\" CHECK (VALUE <> '''; SELECT 1; --');
CREATE TYPE "ro'w\" AS ("fi'eld\" "do'm""ain\$$", "$$" "en'um\");
CREATE TABLE "ta'b""le\$$" ("k'e""y\" int, "v$$'" "do'm""ain\$$" DEFAULT 'x', "e\" "en'um\"[], "r'" "ro'w\", CONSTRAINT "p'k\" PRIMARY KEY ("k'e""y\"), CONSTRAINT "c'\$$" CHECK ("v$$'" <> 'a''\b'));
CREATE INDEX "in'dex\$$" ON "ta'b""le\$$" (("v$$'" || '''\')) WHERE "v$$'" <> '''; --\';
SELECT herd.create_distributed_table('"ta''b""le\$$"', 'k''e"y\', 2);
INSERT INTO "ta'b""le\$$" VALUES (1, 'v''\', ARRAY['la''bel', 'back\slash', '$$; x', '"']::"en'um\"[], ROW('f''\', '"')), (2, '$$', NULL, NULL);
INSERT INTO "ta'b""le\$$" VALUES (3, 'w', ARRAY['back\slash']::"en'um\"[], ROW('\', 'back\slash')::"ro'w\");
UPDATE "ta'b""le\$$" SET "v$$'" = 'x''\', "r'" = ROW('g', 'back\slash')::"ro'w\" WHERE "k'e""y\" = 2;
ALTER TYPE "en'um\" ADD VALUE 'mo''re\$$' AFTER 'la''bel';
ALTER TABLE "ta'b""le\$$" ADD COLUMN "n'ew\" text DEFAULT 'de''f\';
ALTER TABLE "ta'b""le\$$" RENAME COLUMN "n'ew\" TO "o'ther\$$";
ALTER TABLE "ta'b""le\$$" RENAME TO "ta'b""le2\$$";
SELECT count(*) FROM "ta'b""le2\$$" WHERE "v$$'" LIKE 'x%' AND "o'ther\$$" = 'de''f\';
SELECT 1 / count(*) FROM "ta'b""le2\$$" WHERE "o'ther\$$" = 'de''f\' HAVING count(*) = 3;
SELECT herd.undistribute_table('"ta''b""le2\$$"');

-- name: names_with_backslashes_as_escapes
-- as: priv_creator
SET standard_conforming_strings = off;
SET escape_string_warning = off;
CREATE SCHEMA "priv\" AUTHORIZATION priv_creator;
CREATE DOMAIN "priv\"."do'main\" AS text CONSTRAINT "ch'eck\" CHECK (VALUE <> '''; SELECT 1; --\\');
CREATE TABLE "priv\"."ta'b\" (k int, v "priv\"."do'main\" CHECK (v <> 'a\\'), t text);
SELECT herd.create_distributed_table('"priv\\"."ta''b\\"', 'k', 2);
INSERT INTO "priv\"."ta'b\" VALUES (1, 'x\\', 'y\\''');
SELECT 1 / count(*) FROM "priv\"."ta'b\" WHERE v = 'x\\' AND t = 'y\\''';
SELECT 1 / count(*) FROM "priv\"."ta'b\" WHERE k = 1 AND v = 'x\\' AND t = 'y\\''';
UPDATE "priv\"."ta'b\" SET t = 'z\\' WHERE v = 'x\\' AND t <> '\\';
SELECT 1 / count(*) FROM "priv\"."ta'b\" WHERE k = 1 AND v || '\\' = 'x\\\\' AND t = 'z\\';
ALTER TABLE "priv\"."ta'b\" ADD COLUMN d text DEFAULT 'd\\''';
SELECT 1 / count(*) FROM "priv\"."ta'b\" WHERE d = 'd\\''';
CREATE INDEX ON "priv\"."ta'b\" ((t || '\\')) WHERE t <> ''')';

-- name: statements_in_constants_of_a_constraint
-- as: priv_creator
SET standard_conforming_strings = off;
SET escape_string_warning = off;
CREATE TABLE priv_schema.g (k int, v text, CHECK (v <> 'a\\' AND v <> '::text)))); ALTER ROLE priv_creator SUPERUSER; --'));
SELECT herd.create_distributed_table('priv_schema.g', 'k', 1);
SELECT count(*) AS none FROM pg_roles WHERE rolname = 'priv_creator' AND rolsuper;

-- name: statements_in_constants_of_an_added_constraint
-- as: priv_creator
SET standard_conforming_strings = off;
SET escape_string_warning = off;
ALTER TABLE priv_schema.mine ADD CHECK (t <> 'a\\' AND t <> '::text))); ALTER ROLE priv_creator SUPERUSER; --');
SELECT count(*) AS none FROM pg_roles WHERE rolname = 'priv_creator' AND rolsuper;

-- name: expressions_in_constants_of_a_query
-- as: priv_creator
SET standard_conforming_strings = off;
SET escape_string_warning = off;
SELECT count(*) AS none FROM priv_schema.mine WHERE k = 1 AND t = 'a\\' AND t = '::text) OR (true)) --';
SELECT count(*) AS none FROM priv_schema.mine WHERE t = 'a\\' AND t = '::text) OR (true)) --';

-- name: other_readings_of_constants
-- as: priv_creator
SET transform_null_equals = on;
SET array_nulls = off;
SET xmloption = document;
SELECT 1 / count(*) FROM priv_schema.mine WHERE k = 1 AND ARRAY[NULL, t] = ARRAY[NULL, 't'];
SELECT 1 / count(*) FROM priv_schema.mine WHERE ARRAY[NULL, t] = ARRAY[NULL, 't'] AND v = 1;
SELECT 1 / count(*) FROM priv_schema.mine WHERE k = 1 AND t <> ALL (ARRAY['x', NULL]::text[]) IS NULL;
