-- Nodes: the view, refusals of herd.add_node() and its kin, and that an ordinary role may neither call them nor see secrets.
\set VERBOSITY terse
SELECT name, host, dbname, is_coordinator, holds_shards, state FROM herd.nodes ORDER BY name;

-- bad arguments
SELECT herd.add_node(NULL, 5432);
SELECT herd.add_node('127.0.0.1', NULL);
SELECT herd.add_node('127.0.0.1', 5432, dbname => NULL);
SELECT herd.add_node('', 5432);
SELECT herd.add_node('127.0.0.1', 0);
SELECT herd.add_node('127.0.0.1', 65536);
SELECT herd.add_node('127.0.0.1', 5432, '');
SELECT herd.add_node('127.0.0.1', 5432, repeat('n', 64));
SELECT herd.add_node('127.0.0.1', 5432, 'worker1');
SELECT herd.add_node('127.0.0.1', 5432, 'coordinator');

-- nobody listens there
\set VERBOSITY sqlstate
SELECT herd.add_node('127.0.0.1', 1, 'nobody');
SELECT herd.add_node('127.0.0.1', 1, 'quoted "name" '' \ ü');
\set VERBOSITY terse

-- the same server twice
\set VERBOSITY sqlstate
SELECT herd.add_node('127.0.0.1', port, 'again') FROM herd.nodes WHERE name = 'worker1' \gset
SELECT regexp_replace(:'LAST_ERROR_MESSAGE', ':\d+', ':port') AS message, :'LAST_ERROR_SQLSTATE' AS sqlstate;
SELECT herd.add_node('127.0.0.1', current_setting('port')::int, 'myself') \gset
SELECT regexp_replace(:'LAST_ERROR_MESSAGE', ':\d+', ':port') AS message, :'LAST_ERROR_SQLSTATE' AS sqlstate;

-- no such database
SELECT herd.add_node('127.0.0.1', port, 'other', 'no such database') FROM herd.nodes WHERE name = 'worker1';
\set VERBOSITY terse

-- removing and switching
SELECT herd.remove_node(NULL);
SELECT herd.remove_node('nobody');
SELECT herd.remove_node('coordinator');
SELECT herd.set_node_holds_shards('nobody', true);
SELECT herd.set_node_holds_shards('worker1', NULL);
SELECT herd.set_node_holds_shards('worker2', false);
CREATE SCHEMA commands_nodes;
SET search_path = commands_nodes;
CREATE TABLE t (id int PRIMARY KEY);
SELECT herd.create_distributed_table('t', 'id', 4, 'none');
SELECT node, count(*) FROM herd.shards WHERE table_name = 't'::regclass GROUP BY node ORDER BY node;
SELECT herd.remove_node('worker1');
SELECT herd.set_node_holds_shards('worker1', false);
CREATE TABLE nowhere (id int PRIMARY KEY);
SELECT herd.create_distributed_table('nowhere', 'id', 4, 'none');
SELECT herd.set_node_holds_shards('worker1', true), herd.set_node_holds_shards('worker2', true);

-- a node comes back with the rows of reference tables
CREATE TABLE r (id int PRIMARY KEY, v text, g int GENERATED ALWAYS AS (id * 2) STORED);
CREATE TABLE r2 (id int REFERENCES r, at timestamptz);
INSERT INTO r VALUES (1, 'one'), (2, E'tab\tback\\slash'), (3, NULL);
SELECT herd.create_reference_table('r'), herd.create_reference_table('r2');
INSERT INTO r2 VALUES (1, '2024-02-03 04:05:06+00');
SELECT port AS port2 FROM herd.nodes WHERE name = 'worker2' \gset
SELECT herd.remove_node('worker2');
DROP TABLE t;
SELECT herd.remove_node('worker2');
SELECT name FROM herd.nodes ORDER BY name;
SELECT node, row_count FROM herd.shard_sizes('r') ORDER BY node;
CREATE TYPE shade AS ENUM ('light', 'dark');
CREATE TABLE lamp (id int PRIMARY KEY, shade shade);
SELECT herd.create_distributed_table('lamp', 'id', 4, 'none');
SET datestyle = 'SQL, DMY';
SELECT herd.add_node('127.0.0.1', :port2, 'worker2') > 0 AS added;
RESET datestyle;
SELECT node, row_count FROM herd.shard_sizes('r') ORDER BY node;
SELECT node, row_count FROM herd.shard_sizes('r2') ORDER BY node;
INSERT INTO r2 VALUES (3, NULL);
SELECT node, row_count FROM herd.shard_sizes('r2') ORDER BY node;
-- and with the types of tables whose shards it does not have
CREATE TABLE color (id int PRIMARY KEY, name text);
INSERT INTO color SELECT i, 'dark' FROM generate_series(1, 20) i;
SELECT herd.create_distributed_table('color', 'id', 4, 'none');
SELECT count(*) FROM color WHERE name::shade > 'light';

-- a service role that is not there
SELECT herd.set_service_role('nobody at all', 'y');

-- options of servers and mappings
CREATE SERVER extra FOREIGN DATA WRAPPER herd OPTIONS (host 'h', port '5432', sslmode 'verify-full');
ALTER SERVER extra OPTIONS (ADD password 'x');
ALTER SERVER extra OPTIONS (SET port '70000');
CREATE USER MAPPING FOR PUBLIC SERVER extra OPTIONS (user 'u', host 'x');
CREATE USER MAPPING FOR PUBLIC SERVER extra OPTIONS (user 'u', password 'p');
DROP SERVER extra CASCADE;
ALTER SERVER worker1 RENAME TO workerx;
DROP SERVER worker1 CASCADE;

-- an ordinary role
CREATE ROLE commands_nodes_user;
SET ROLE commands_nodes_user;
SELECT count(*) FROM herd.nodes;
SELECT count(*) FROM herd.node;
SELECT herd.add_node('127.0.0.1', 5432);
SELECT herd.remove_node('worker1');
SELECT herd.set_node_holds_shards('worker1', false);
SELECT herd.set_service_role('x', 'y');
SELECT herd.join_cluster(gen_random_uuid());
SELECT count(*) FROM pg_user_mappings WHERE umoptions IS NOT NULL;
SELECT umoptions FROM pg_user_mapping;
RESET ROLE;
DROP ROLE commands_nodes_user;
DROP SCHEMA commands_nodes CASCADE;
SELECT count(*) FROM herd.colocation;
