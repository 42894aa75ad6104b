-- Aggregates of extensions are computed in the shards if all nodes have the extension in the same version and schema.
SELECT setting AS coordinator, setting::int + 1 AS worker1, setting::int + 2 AS worker2 FROM pg_settings WHERE name = 'port' \gset
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE EXTENSION citext;
\c - - - :worker1
CREATE EXTENSION citext;
\c - - - :worker2
CREATE EXTENSION citext;
\c - - - :coordinator
SET client_min_messages = warning;
SET herd.explain_node_plans = off;
CREATE SCHEMA planner_extension_aggregates;
SET search_path = planner_extension_aggregates, public;
SET herd.shard_count = 4;
CREATE TABLE spread (k int, g int, name citext);
INSERT INTO spread SELECT i % 17, i % 5, CASE i % 2 WHEN 0 THEN 'name ' ELSE 'NAME ' END || i FROM generate_series(1, 200) i;
CREATE TABLE local AS TABLE spread;
SELECT herd.create_distributed_table('spread', 'k');
ANALYZE spread;
CREATE FUNCTION place_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    place text := 'from rows';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS OFF) ' || query LOOP
        IF line ~ 'Finalize' THEN
            place := 'from states';
        ELSIF line ~ 'Task: .*run_aggregate' AND place = 'from rows' THEN
            place := 'in the shards';
        END IF;
    END LOOP;
    RETURN place;
END $$;

SELECT place_of('SELECT min(name), max(name) FROM spread');
SELECT min(name), max(name) FROM spread;
SELECT min(name), max(name) FROM local;
SELECT place_of('SELECT g, min(name), max(name) FROM spread GROUP BY g');
SELECT g, min(name), max(name) FROM spread GROUP BY g EXCEPT SELECT g, min(name), max(name) FROM local GROUP BY g;
SELECT place_of('SELECT k, min(name), max(name) FROM spread GROUP BY k');
SELECT k, min(name), max(name) FROM spread GROUP BY k EXCEPT SELECT k, min(name), max(name) FROM local GROUP BY k;
-- one of one's own over its functions
CREATE AGGREGATE last_name(citext) (SFUNC = citext_larger, STYPE = citext, COMBINEFUNC = citext_larger, PARALLEL = SAFE);
SELECT place_of('SELECT last_name(name) FROM spread WHERE k = 3');
SELECT last_name(name) FROM spread WHERE k = 3;
PREPARE last AS SELECT last_name(name) FROM spread;
EXECUTE last;

-- A node has another version, or none of it any more.
\c - - - :worker2
UPDATE pg_extension SET extversion = '1.0' WHERE extname = 'citext';
\c - - - :coordinator
SET search_path = planner_extension_aggregates, public;
SET herd.explain_node_plans = off;
SELECT place_of('SELECT min(name), max(name) FROM spread');
SELECT min(name), max(name) FROM spread;
SELECT place_of('SELECT k, last_name(name) FROM spread GROUP BY k');
\c - - - :worker2
UPDATE pg_extension SET extversion = '1.6' WHERE extname = 'citext';
ALTER EXTENSION citext SET SCHEMA pg_catalog;
\c - - - :coordinator
SET search_path = planner_extension_aggregates, public;
SET herd.explain_node_plans = off;
SELECT place_of('SELECT min(name), max(name) FROM spread');
-- Where it runs it is checked once more: which extension and version, and whose functions are none of it.
\c - - - :worker2
ALTER EXTENSION citext SET SCHEMA public;
UPDATE pg_extension SET extversion = '1.5' WHERE extname = 'citext';
CREATE FUNCTION public.larger(citext, citext) RETURNS citext LANGUAGE sql IMMUTABLE AS 'SELECT $1';
SELECT herd_state.run_aggregate(NULL::citext, '{public.citext,NULL,function,"public.larger(public.citext,public.citext)","citext 1.5",NULL,NULL,NULL}', 'x'::citext);
SELECT herd_state.run_aggregate(NULL::citext, '{public.citext,NULL,function,"public.citext_larger(public.citext,public.citext)","citext 1.6",NULL,NULL,NULL}', 'x'::citext);
SELECT herd_state.run_aggregate(NULL::citext, '{public.citext,NULL,function,"public.citext_larger(public.citext,public.citext)","citext 1.5",NULL,NULL,NULL}', 'x'::citext);
DROP FUNCTION public.larger(citext, citext);
UPDATE pg_extension SET extversion = '1.6' WHERE extname = 'citext';
\c - - - :coordinator
SET client_min_messages = warning;
DROP SCHEMA planner_extension_aggregates CASCADE;
DROP EXTENSION citext;
\c - - - :worker1
SET client_min_messages = warning;
DROP EXTENSION citext CASCADE;
\c - - - :worker2
SET client_min_messages = warning;
DROP EXTENSION citext CASCADE;
