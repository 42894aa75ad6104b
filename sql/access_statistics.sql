-- Statistics of a distributed table are those of a plain table with the same rows; ANALYZE and VACUUM reach the shards.
CREATE SCHEMA access_statistics;
SET search_path = access_statistics;
SET herd.shard_count = 4;
SET herd.explain_node_plans = off;
CREATE TABLE plain (id int PRIMARY KEY, parent int, color text, tone text, gone int);
ALTER TABLE plain DROP COLUMN gone;
INSERT INTO plain SELECT i, i / 5, 'color ' || i % 8, 'tone ' || i % 8 FROM generate_series(1, 4000) i;
CREATE TABLE items (LIKE plain INCLUDING ALL);
SELECT herd.create_distributed_table('items', 'id');
INSERT INTO items SELECT * FROM plain;

-- statistics objects, before and after
CREATE STATISTICS colors ON color, tone FROM plain;
CREATE STATISTICS shades ON color, tone FROM items;
CREATE STATISTICS on_expression ON (id % 10), color FROM items;
CREATE FUNCTION own(int) RETURNS int LANGUAGE sql IMMUTABLE RETURN $1;
CREATE STATISTICS refused ON (own(id)), color FROM items;
ALTER STATISTICS shades SET STATISTICS 200;
ALTER STATISTICS on_expression RENAME TO "On Expression";
ALTER TABLE items ALTER COLUMN parent SET STATISTICS 300;
ANALYZE plain, items;
SELECT relname, reltuples, relpages BETWEEN 25 AND 45 AS pages FROM pg_class
WHERE oid IN ('plain'::regclass, 'items'::regclass) ORDER BY 1;
SELECT attname, p.n_distinct AS plain, d.n_distinct AS distributed FROM pg_stats p JOIN pg_stats d USING (schemaname, attname)
WHERE schemaname = 'access_statistics' AND p.tablename = 'plain' AND d.tablename = 'items' ORDER BY 1;
SELECT statistics_name, n_distinct, dependencies FROM pg_stats_ext
WHERE schemaname = 'access_statistics' AND statistics_name IN ('colors', 'shades') ORDER BY 1;

-- What the shards have.
SET herd.allow_shard_access = on;
CREATE VIEW on_nodes AS SELECT * FROM herd.ask_nodes($$
    SELECT relname::text, count(*), sum(c.reltuples)::bigint, bool_and(coalesce(s.objects, '') = ''), min(s.objects), min(a.attstattarget)
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'parent'
    LEFT JOIN LATERAL (SELECT string_agg(stxname || ' ' || stxstattarget, ', ' ORDER BY stxname) AS objects
                       FROM pg_statistic_ext WHERE stxrelid = c.oid) s ON true
    WHERE relname = 'items' AND nspname LIKE 'herd\_%' GROUP BY 1 $$)
    AS t (node text, relation text, shards bigint, rows bigint, bare bool, objects text, target int);
SELECT sum(shards), sum(rows), min(objects), max(objects), min(target) FROM on_nodes;
DROP STATISTICS shades;
SELECT min(objects), max(objects) FROM on_nodes;

-- what the planner makes of them
CREATE FUNCTION estimate(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
    EXECUTE 'EXPLAIN ' || query INTO line;
    RETURN substring(line FROM 'rows=\d+');
END $$;
CREATE STATISTICS shades ON color, tone FROM items;
ANALYZE items;
SELECT estimate('SELECT FROM plain WHERE color = ''color 1'' AND tone = ''tone 1'''),
       estimate('SELECT FROM items WHERE color = ''color 1'' AND tone = ''tone 1''');
SELECT estimate('SELECT DISTINCT parent FROM plain'), estimate('SELECT DISTINCT parent FROM items');
-- Unique indexes are proofs: nothing to join.
EXPLAIN (COSTS OFF) SELECT a.color FROM items a LEFT JOIN items b USING (id);

-- CREATE INDEX leaves what is known.
CREATE INDEX ON items (parent);
SELECT reltuples, relpages > 1 AS pages FROM pg_class WHERE oid = 'items'::regclass;

-- In a transaction ANALYZE sees what it has written.
BEGIN;
INSERT INTO items SELECT i, i FROM generate_series(5001, 5500) i;
ANALYZE items (id, parent);
SELECT reltuples FROM pg_class WHERE oid = 'items'::regclass;
ROLLBACK;

-- VACUUM takes note of the shards' size.
DELETE FROM items WHERE id > 1000;
VACUUM (ANALYZE, INDEX_CLEANUP off) items;
VACUUM (FREEZE, VERBOSE false) items;
SELECT reltuples FROM pg_class WHERE oid = 'items'::regclass;
VACUUM FULL items;
SELECT reltuples FROM pg_class WHERE oid = 'items'::regclass;
SELECT sum(rows) FROM on_nodes;
VACUUM items (nothing);
BEGIN; VACUUM items; ROLLBACK;

-- Somebody else's table is left alone.
CREATE ROLE access_statistics_user;
GRANT USAGE ON SCHEMA access_statistics TO access_statistics_user;
SET ROLE access_statistics_user;
ANALYZE items;
VACUUM items;
RESET ROLE;

-- An empty table, a small one, a reference table.
TRUNCATE items;
ANALYZE items;
SELECT reltuples FROM pg_class WHERE oid = 'items'::regclass;
CREATE TABLE few (id int);
SELECT herd.create_reference_table('few');
INSERT INTO few VALUES (1), (2), (3);
ANALYZE few;
VACUUM few;
SELECT reltuples, relpages FROM pg_class WHERE oid = 'few'::regclass;
SET track_activities = off;
ANALYZE few;
SELECT reltuples, relpages FROM pg_class WHERE oid = 'few'::regclass;
RESET track_activities;

SET client_min_messages = warning;
DROP SCHEMA access_statistics CASCADE;
DROP ROLE access_statistics_user;
