-- Roles exist on all nodes by name: what creates, renames or drops one reaches them, and herd.sync_roles() makes up for the rest.
CREATE SCHEMA commands_roles;
SET search_path = commands_roles;
SELECT port AS coordinator FROM (SELECT current_setting('port') AS port) s \gset
SELECT port AS worker1 FROM herd.nodes WHERE name = 'worker1' \gset
SELECT port AS worker2 FROM herd.nodes WHERE name = 'worker2' \gset
CREATE TABLE t (id int PRIMARY KEY, v text);
SELECT herd.create_distributed_table('t', 'id', 4);
INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 10) i;

-- a role may use the table at once, whatever its name
CREATE ROLE roles_alice LOGIN PASSWORD 'secret' CONNECTION LIMIT 3;
CREATE USER "roles_Bob's ""ü"" %I \x";
CREATE GROUP roles_group WITH USER roles_alice;
GRANT USAGE ON SCHEMA commands_roles TO roles_alice, roles_group, "roles_Bob's ""ü"" %I \x";
GRANT SELECT, INSERT ON t TO roles_alice, roles_group, "roles_Bob's ""ü"" %I \x";
SET ROLE roles_alice;
SELECT count(*) FROM t;
INSERT INTO t VALUES (11, 'alice') RETURNING v, current_user;
SET ROLE "roles_Bob's ""ü"" %I \x";
SELECT v FROM t WHERE id = 11;
RESET ROLE;

-- on the nodes it can do nothing by itself
\c - - - :worker1
SELECT rolname, rolcanlogin, rolconnlimit FROM pg_roles WHERE rolname LIKE 'roles\_%' ORDER BY rolname COLLATE "C";
SELECT count(*) FROM pg_auth_members WHERE roleid = 'roles_group'::regrole;
\c - - - :worker2
SELECT rolname, rolcanlogin, rolconnlimit FROM pg_roles WHERE rolname LIKE 'roles\_%' ORDER BY rolname COLLATE "C";
-- these a node's administrator made
CREATE ROLE roles_here LOGIN;
CREATE ROLE roles_owner;
CREATE SCHEMA roles_owned AUTHORIZATION roles_owner;
CREATE ROLE roles_taken;
\c - - - :coordinator
SET search_path = commands_roles;

-- transactions
BEGIN;
CREATE ROLE roles_undone;
SAVEPOINT s;
CREATE ROLE roles_undone_too;
ROLLBACK TO s;
ROLLBACK;
CREATE ROLE roles_here;
CREATE ROLE roles_here;
CREATE ROLE roles_owner;

-- renamed
ALTER ROLE "roles_Bob's ""ü"" %I \x" RENAME TO "roles_100% bob's";
ALTER ROLE roles_group RENAME TO roles_taken;
ALTER ROLE roles_here RENAME TO roles_moved;
SET ROLE "roles_100% bob's";
SELECT count(*) FROM t;
SET ROLE roles_taken;
SELECT v FROM t WHERE id = 11;
SET ROLE roles_moved;
SELECT v FROM t WHERE id = 11;
RESET ROLE;
GRANT USAGE ON SCHEMA commands_roles TO roles_moved;
GRANT SELECT ON t TO roles_moved;
SET ROLE roles_moved;
SELECT v FROM t WHERE id = 11;
RESET ROLE;
\c - - - :worker2
SELECT rolname, rolcanlogin FROM pg_roles WHERE rolname LIKE 'roles\_%' ORDER BY rolname COLLATE "C";
\c - - - :coordinator
SET search_path = commands_roles;

-- dropped, but not what Herd did not make or something depends on
ALTER ROLE roles_moved RENAME TO roles_here;
DROP ROLE roles_here;
DROP OWNED BY roles_here;
DROP ROLE roles_here;
DROP ROLE IF EXISTS roles_here, roles_owner;
DROP ROLE roles_nobody;
BEGIN;
DROP OWNED BY roles_taken;
DROP ROLE roles_taken;
ROLLBACK;
SET ROLE roles_taken;
SELECT v FROM t WHERE id = 11;
DROP ROLE roles_alice;
RESET ROLE;
\c - - - :worker1
SELECT rolname FROM pg_roles WHERE rolname LIKE 'roles\_%' ORDER BY rolname COLLATE "C";
-- as if it had been created where Herd does not see it
DROP ROLE roles_alice;
\c - - - :worker2
SELECT rolname FROM pg_roles WHERE rolname LIKE 'roles\_%' ORDER BY rolname COLLATE "C";
DROP SCHEMA roles_owned;
DROP ROLE roles_owner, roles_here, roles_alice;
\c - - - :coordinator
SET search_path = commands_roles;

-- a role that nodes lack
SET ROLE roles_alice;
\set VERBOSITY default
\set SHOW_CONTEXT never
SELECT v FROM t WHERE id = 11;
SELECT count(*) FROM t;
INSERT INTO t VALUES (12, 'alice');
SELECT herd.sync_roles();
RESET ROLE;
BEGIN READ ONLY;
SELECT herd.sync_roles();
ROLLBACK;
SELECT herd.sync_roles();
SELECT herd.sync_roles();
SET ROLE roles_alice;
SELECT count(*) FROM t;
RESET ROLE;

-- a node that is added knows them all
DROP TABLE t;
SELECT herd.remove_node('worker2');
CREATE ROLE roles_meanwhile;
SELECT herd.add_node('127.0.0.1', :worker2, 'worker2') > 0 AS added;
\c - - - :worker2
SELECT rolname FROM pg_roles WHERE rolname LIKE 'roles\_%' ORDER BY rolname COLLATE "C";
\c - - - :coordinator
DROP SCHEMA commands_roles CASCADE;
DROP ROLE roles_alice, "roles_100% bob's", roles_taken, roles_meanwhile;
\c - - - :worker2
SELECT rolname FROM pg_roles WHERE rolname LIKE 'roles\_%' ORDER BY rolname COLLATE "C";
DROP ROLE roles_group, roles_moved;
