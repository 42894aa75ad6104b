-- Access is checked as for a plain table: privileges on tables and columns, views, functions, roles, prepared statements.
CREATE SCHEMA planner_permissions;
SET search_path = planner_permissions;
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE ROLE permissions_owner;
CREATE ROLE permissions_alice;
CREATE ROLE permissions_group;
CREATE ROLE permissions_bob IN ROLE permissions_group;
GRANT ALL ON SCHEMA planner_permissions TO permissions_owner;
GRANT USAGE ON SCHEMA planner_permissions TO PUBLIC;
SET ROLE permissions_owner;
CREATE TABLE account (id int PRIMARY KEY, owner text, secret text DEFAULT 's', n int DEFAULT 0);
CREATE TABLE entry (id int, no int, amount int, PRIMARY KEY (id, no));
CREATE TABLE kind (code text PRIMARY KEY, label text);
INSERT INTO account SELECT i, 'o' || i % 3, 's' || i, i FROM generate_series(1, 20) i;
INSERT INTO entry SELECT i, j, i * j FROM generate_series(1, 20) i, generate_series(1, 3) j;
INSERT INTO kind VALUES ('a', 'A'), ('b', 'B');
SELECT herd.create_distributed_table('account', 'id', 4);
SELECT herd.create_distributed_table('entry', 'id', colocate_with => 'account');
SELECT herd.create_reference_table('kind');

-- without any privilege: router, gather, join, subquery, reference table, writes
SET ROLE permissions_alice;
SELECT * FROM account WHERE id = 1;
SELECT count(*) FROM account;
SELECT 1 FROM account WHERE id = 1;
SELECT count(*) FROM account JOIN entry USING (id);
SELECT (SELECT max(amount) FROM entry WHERE id = 1);
WITH e AS MATERIALIZED (SELECT * FROM entry) SELECT count(*) FROM e;
SELECT label FROM kind;
TABLE kind;
INSERT INTO account VALUES (21, 'x');
INSERT INTO account SELECT 21, 'x';
UPDATE account SET n = 1 WHERE id = 1;
UPDATE account SET n = 1;
DELETE FROM account WHERE id = 1;
DELETE FROM account;
TRUNCATE account;
SELECT * FROM account WHERE id = 1 FOR UPDATE;
COPY account TO STDOUT;
\copy account FROM /dev/null
COPY (SELECT * FROM account) TO STDOUT;
LOCK TABLE account;
EXPLAIN SELECT * FROM account WHERE id = 1;
CREATE INDEX ON account (n);
ALTER TABLE account ADD x int;
DROP TABLE account;

-- SELECT only
SET ROLE permissions_owner;
GRANT SELECT ON account TO permissions_alice;
SET ROLE permissions_alice;
SELECT * FROM account WHERE id = 1;
SELECT count(*), sum(n) FROM account;
SELECT id FROM account ORDER BY n DESC LIMIT 2;
SELECT count(*) FROM account JOIN entry USING (id);
SELECT count(*) FROM account WHERE EXISTS (SELECT FROM entry e WHERE e.id = account.id);
SELECT * FROM account WHERE id = 1 FOR UPDATE;
INSERT INTO account VALUES (21, 'x');
INSERT INTO account VALUES (1, 'x') ON CONFLICT (id) DO NOTHING;
UPDATE account SET n = 1 WHERE id = 1;
UPDATE account SET n = n + 1;
DELETE FROM account WHERE id = 1;
\copy account (id, n) FROM /dev/null
WITH w AS (DELETE FROM account WHERE id = 1 RETURNING *) SELECT * FROM w;

-- INSERT without SELECT: no RETURNING, no arbiter
SET ROLE permissions_owner;
REVOKE SELECT ON account FROM permissions_alice;
GRANT INSERT ON account TO permissions_alice;
SET ROLE permissions_alice;
INSERT INTO account VALUES (21, 'x');
INSERT INTO account VALUES (22, 'x'), (23, 'y');
INSERT INTO account SELECT 24, 'z';
INSERT INTO account VALUES (25, 'x') RETURNING id;
INSERT INTO account VALUES (25, 'x') RETURNING 1;
INSERT INTO account VALUES (21, 'x') ON CONFLICT DO NOTHING;
INSERT INTO account VALUES (21, 'x') ON CONFLICT (id) DO NOTHING;
INSERT INTO account VALUES (21, 'x') ON CONFLICT (id) DO UPDATE SET n = 7;
INSERT INTO account SELECT id + 100 FROM account;
COPY account (id, owner) FROM STDIN;
26	copied
\.
COPY account TO STDOUT;
SET ROLE permissions_owner;
SELECT * FROM account WHERE id > 20 ORDER BY id;

-- UPDATE and DELETE without SELECT
GRANT UPDATE, DELETE ON account TO permissions_alice;
SET ROLE permissions_alice;
UPDATE account SET n = 1 WHERE id = 21;
UPDATE account SET n = n + 1;
UPDATE account SET n = 5;
DELETE FROM account WHERE id = 21;
UPDATE account SET n = 6 RETURNING n;

-- columns
SET ROLE permissions_owner;
REVOKE ALL ON account FROM permissions_alice;
GRANT SELECT (id, owner), INSERT (id, owner), UPDATE (owner, n) ON account TO permissions_alice;
SET ROLE permissions_alice;
SELECT id, owner FROM account WHERE id = 2;
SELECT count(*) FROM account;
SELECT owner, count(*) FROM account WHERE id < 10 GROUP BY owner ORDER BY owner;
SELECT * FROM account WHERE id = 2;
SELECT a FROM account a WHERE id = 2;
SELECT id FROM account WHERE id = 2 AND secret = 's2';
SELECT id FROM account ORDER BY secret;
SELECT max(n) FROM account;
SELECT a.id FROM account a JOIN account b ON a.id = b.n;
SELECT ctid FROM account WHERE id = 2;
INSERT INTO account (id, owner) VALUES (31, 'col');
INSERT INTO account (id, owner) VALUES (31, 'col') ON CONFLICT (id) DO UPDATE SET owner = 'again' RETURNING owner;
INSERT INTO account (id, owner) VALUES (31, 'col') ON CONFLICT (id) DO UPDATE SET secret = 'again';
INSERT INTO account (id, owner) VALUES (31, 'col') ON CONFLICT (id) DO UPDATE SET owner = account.secret;
INSERT INTO account (id, owner, n) VALUES (32, 'col', 1);
INSERT INTO account (id, owner) VALUES (32, 'col') RETURNING secret;
UPDATE account SET owner = 'upd' WHERE id = 31 RETURNING id, owner;
UPDATE account SET n = 1 WHERE id = 31;
UPDATE account SET n = n + 1 WHERE id = 31;
UPDATE account SET secret = 'x' WHERE id = 31;
UPDATE account SET owner = owner WHERE n = 1;
COPY (SELECT id, owner FROM account WHERE id < 4 ORDER BY id) TO STDOUT;
COPY account (id, secret) TO STDOUT;
COPY account (id, owner) FROM STDIN;
33	copied
\.
\copy account (id, n) FROM /dev/null
PREPARE by_column(int) AS SELECT owner FROM account WHERE id = $1;
EXECUTE by_column(33);
SET ROLE permissions_owner;
DELETE FROM account WHERE id > 30;
REVOKE SELECT (owner) ON account FROM permissions_alice;
SET ROLE permissions_alice;
EXECUTE by_column(2);
DEALLOCATE by_column;

-- prepared statements: what is revoked is missed at the next EXECUTE, and another role's rights count
SET ROLE permissions_owner;
REVOKE ALL ON account FROM permissions_alice;
REVOKE ALL (id, owner, secret, n) ON account FROM permissions_alice;
GRANT SELECT, INSERT, UPDATE, DELETE ON account TO permissions_alice;
SET ROLE permissions_alice;
PREPARE one(int) AS SELECT owner FROM account WHERE id = $1;
PREPARE total AS SELECT count(*) FROM account;
PREPARE ins(int) AS INSERT INTO account (id) VALUES ($1);
PREPARE upd(int) AS UPDATE account SET n = 3 WHERE id = $1;
PREPARE del(int) AS DELETE FROM account WHERE id = $1;
SET plan_cache_mode = force_generic_plan;
EXECUTE one(4);
EXECUTE total;
EXECUTE ins(41);
EXECUTE upd(41);
EXECUTE del(41);
RESET ROLE;
REVOKE ALL ON account FROM permissions_alice;
EXECUTE one(4);
EXECUTE ins(41);
SET ROLE permissions_alice;
EXECUTE one(4);
EXECUTE total;
EXECUTE ins(42);
EXECUTE upd(41);
EXECUTE del(41);
SET ROLE permissions_owner;
EXECUTE del(41);
GRANT SELECT ON account TO permissions_group;
SET ROLE permissions_alice;
EXECUTE total;
SET ROLE permissions_bob;
EXECUTE one(4);
EXECUTE total;
EXECUTE del(4);
RESET plan_cache_mode;
DEALLOCATE ALL;

-- a role that one was a member of
RESET ROLE;
SET SESSION AUTHORIZATION permissions_bob;
SELECT count(*) FROM account;
SET ROLE permissions_alice;
SET ROLE permissions_group;
SELECT count(*) FROM account;
SELECT count(*) FROM entry;
RESET SESSION AUTHORIZATION;
REVOKE permissions_group FROM permissions_bob;
SET ROLE permissions_bob;
SELECT count(*) FROM account;

-- views run with their owner's rights, but functions in them as the caller
SET ROLE permissions_owner;
CREATE VIEW public_account AS SELECT id, owner, current_user::text AS reader FROM account WHERE n < 100;
CREATE VIEW checked WITH (security_invoker) AS SELECT id, owner FROM account;
CREATE VIEW joined AS SELECT a.id, a.owner, sum(e.amount) AS total FROM account a JOIN entry e USING (id) GROUP BY 1, 2;
GRANT SELECT, UPDATE (owner), DELETE ON public_account TO permissions_alice;
GRANT SELECT ON checked, joined TO permissions_alice;
SET ROLE permissions_alice;
SELECT * FROM public_account WHERE id = 3;
SELECT count(*) FROM public_account;
SELECT v.id, e.no FROM public_account v JOIN entry e USING (id) WHERE v.id = 1;
SELECT * FROM joined WHERE id = 3;
SELECT count(*), sum(total) FROM joined;
SELECT * FROM checked WHERE id = 3;
SELECT count(*) FROM checked;
UPDATE public_account SET owner = 'via view' WHERE id = 3;
INSERT INTO public_account (id) VALUES (51);
DELETE FROM public_account WHERE id = 20;
SET ROLE permissions_owner;
SELECT owner FROM account WHERE id IN (3, 20);
REVOKE SELECT ON entry FROM permissions_owner;
SELECT count(*) FROM joined;
SET ROLE permissions_alice;
SELECT count(*) FROM joined;
SELECT * FROM joined WHERE id = 3;
SET ROLE permissions_owner;
GRANT SELECT ON entry TO permissions_owner;

-- functions: the definer's rights inside only
CREATE FUNCTION definer_total() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = planner_permissions
    AS 'SELECT sum(n) FROM account';
CREATE FUNCTION definer_add(i int) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = planner_permissions AS $$
BEGIN
    INSERT INTO account (id, owner) VALUES (i, current_user);
    RETURN (SELECT owner FROM account WHERE id = i);
END $$;
CREATE FUNCTION invoker_total() RETURNS bigint LANGUAGE plpgsql STABLE AS 'BEGIN RETURN (SELECT sum(n) FROM account); END';
CREATE FUNCTION invoker_one(i int) RETURNS SETOF account LANGUAGE sql STABLE AS 'SELECT * FROM account WHERE id = i';
SET ROLE permissions_alice;
SELECT definer_total();
SELECT definer_add(61);
SELECT invoker_total();
SELECT * FROM invoker_one(3);
DO $$ BEGIN PERFORM count(*) FROM account; END $$;
SELECT count(*) FROM account;
SET ROLE permissions_owner;
SELECT invoker_total();
SELECT id, owner FROM invoker_one(61);
GRANT SELECT ON account TO permissions_alice;
SET ROLE permissions_alice;
SELECT invoker_total();
SELECT id, owner FROM invoker_one(61);

-- read-only transactions
SET ROLE permissions_owner;
BEGIN READ ONLY;
SELECT count(*) FROM account;
SAVEPOINT s;
INSERT INTO account (id) VALUES (71);
ROLLBACK TO s;
INSERT INTO account (id) VALUES (71), (72);
ROLLBACK TO s;
UPDATE account SET n = 1 WHERE id = 1;
ROLLBACK TO s;
DELETE FROM account;
ROLLBACK TO s;
SELECT * FROM account WHERE id = 1 FOR UPDATE;
ROLLBACK TO s;
\copy account (id) FROM /dev/null
ROLLBACK TO s;
WITH w AS (DELETE FROM account WHERE id = 1 RETURNING *) SELECT * FROM w;
ROLLBACK TO s;
TRUNCATE account;
ROLLBACK;
CREATE FUNCTION lock_one(i int) RETURNS int LANGUAGE plpgsql STABLE AS
    'BEGIN RETURN (SELECT n FROM account WHERE id = i FOR UPDATE); END';
SELECT lock_one(1);
PREPARE late(int) AS UPDATE account SET n = 1 WHERE id = $1;
EXECUTE late(1);
BEGIN READ ONLY;
EXECUTE late(1);
ROLLBACK;
DEALLOCATE late;

-- shards, metadata and the service role's secret are not for ordinary roles
RESET ROLE;
SELECT herd.set_node_holds_shards('coordinator', true);
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO permissions_alice, PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO permissions_alice, PUBLIC;
CREATE TABLE own (id int PRIMARY KEY, v text);
SELECT herd.create_distributed_table('own', 'id', 3, 'none');
SELECT herd.set_node_holds_shards('coordinator', false);
ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM permissions_alice, PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON SCHEMAS FROM permissions_alice, PUBLIC;
INSERT INTO own SELECT i, 'v' || i FROM generate_series(1, 10) i;
SELECT 'herd_' || shard_id || '_1.own' AS shard, shard_id AS id FROM herd.shards
    WHERE table_name = 'own'::regclass AND node = 'coordinator' \gset
SELECT has_schema_privilege('permissions_alice', relnamespace, 'USAGE'), has_table_privilege('permissions_alice', oid, 'SELECT')
    FROM pg_class WHERE oid = :'shard'::regclass;
GRANT SELECT, UPDATE ON own TO permissions_alice;
SET ROLE permissions_alice;
SELECT count(*) FROM own;
UPDATE own SET v = 'x' WHERE id = 1 RETURNING v;
\set VERBOSITY sqlstate
SELECT count(*) FROM :shard;
DELETE FROM :shard;
COPY :shard TO STDOUT;
SET herd.task_session = on;
\set VERBOSITY default
SELECT count(*) FROM herd.node;
SELECT count(*) FROM herd.placement;
SELECT count(*) FROM herd.shard;
SELECT count(*) FROM herd.distributed_table;
SELECT count(*) FROM herd.cluster;
SELECT count(*) FROM herd.transaction;
DELETE FROM herd.placement;
SELECT count(*) > 0 FROM herd.nodes;
SELECT count(*) > 0 FROM herd.tables;
SELECT count(*) > 0 FROM herd.shards;
SELECT count(*) FROM pg_user_mapping;
SELECT srvname, usename, umoptions FROM pg_user_mappings ORDER BY srvname;
SELECT count(*) FROM information_schema.user_mapping_options WHERE option_value IS NOT NULL;
SELECT count(*) FROM pg_foreign_server s, unnest(srvoptions) o WHERE o LIKE 'password%' OR o LIKE 'user=%';
ALTER USER MAPPING FOR PUBLIC SERVER worker1 OPTIONS (SET user 'permissions_alice');
CREATE USER MAPPING FOR CURRENT_USER SERVER worker1 OPTIONS (user 'permissions_alice', password 'x');
ALTER SERVER worker1 OPTIONS (SET host '192.0.2.1');
SELECT herd.recover_transactions();
SELECT herd.undistribute_table('account');
SELECT herd.create_distributed_table('kind', 'code');
SELECT herd.create_reference_table('entry');
SELECT label FROM pg_seclabels WHERE objoid = 'account'::regclass \gset
SECURITY LABEL FOR herd ON TABLE account IS :'label';
SECURITY LABEL FOR herd ON TABLE account IS NULL;
SECURITY LABEL FOR herd ON TABLE kind IS :'label';

RESET ROLE;
DROP SCHEMA planner_permissions CASCADE;
DROP ROLE permissions_owner, permissions_alice, permissions_bob, permissions_group;
