-- What subqueries and nested loops are going to ask for is read ahead and fetched many values at a time, where that costs less than fetching
-- everything. It gives what plain tables give.
CREATE SCHEMA planner_key_batches;
SET search_path = planner_key_batches;
SET herd.explain_node_plans = off;
\set SHOW_CONTEXT never
CREATE TABLE plain_big (k int, v int, n numeric, t text);
INSERT INTO plain_big SELECT i, i % 2500, i % 997, 't' || i % 3001 FROM generate_series(1, 20000) i;
INSERT INTO plain_big VALUES (NULL, NULL, NULL, NULL), (0, 0, 0, '');
CREATE INDEX ON plain_big (k);
CREATE INDEX ON plain_big (v);
CREATE TABLE big (LIKE plain_big);
SELECT herd.create_distributed_table('big', 'k', 6);
INSERT INTO big SELECT * FROM plain_big;
CREATE INDEX ON big (k);
CREATE INDEX ON big (v);
CREATE TABLE few (id int, k int, v int, t text);
INSERT INTO few SELECT i, i * 61, i % 40, 't' || i FROM generate_series(1, 250) i;
INSERT INTO few VALUES (251, NULL, NULL, NULL), (252, -1, -1, 'none');
CREATE TABLE plain_spread (LIKE few);
CREATE TABLE spread (LIKE few);
SELECT herd.create_distributed_table('spread', 'id', 4, colocate_with => 'none');
INSERT INTO spread SELECT * FROM few;
INSERT INTO plain_spread SELECT * FROM few;
ANALYZE plain_big, big, few, spread, plain_spread;

-- Does it give the same? And what does each scan of big do?
CREATE FUNCTION compare(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text; rows text[]; expected text[];
BEGIN
    EXECUTE 'SELECT array_agg(q::text ORDER BY q::text) FROM (' || query || ') q' INTO rows;
    EXECUTE 'SELECT array_agg(q::text ORDER BY q::text) FROM (' ||
        regexp_replace(query, '\m(big|spread)\M', 'plain_\1', 'g') || ') q' INTO expected;
    RETURN NEXT CASE WHEN rows IS NOT DISTINCT FROM expected THEN 'equal, rows: ' || cardinality(rows) ELSE 'DIFFERENT' END;
    FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ' || query LOOP
        CONTINUE WHEN line !~ 'ReadAhead|Key Batches|Lookups|Filter: .*SubPlan';
        RETURN NEXT regexp_replace(trim(line), '\(actual.*\)', '');
    END LOOP;
END $$;

-- targets and conditions of scans, by the key and by another column
SELECT compare('SELECT id, (SELECT max(t) FROM big b WHERE b.k = o.k) FROM few o');
SELECT compare('SELECT id, (SELECT string_agg(t, '','' ORDER BY b.k) FROM big b WHERE b.v = o.v) FROM few o');
SELECT compare('SELECT id FROM few o WHERE id > 3 AND (SELECT min(b.v) FROM big b WHERE b.k = o.k) > 20 AND id + 1 > 5');
SELECT compare('SELECT id, (SELECT max(t) FROM big b WHERE b.k = o.k) FROM spread o WHERE id % 3 = 0');
SELECT compare('SELECT id, (SELECT count(*) FROM big b WHERE b.v = o.v) FROM spread o WHERE id % 4 = 0 AND (SELECT count(*) FROM big b WHERE b.t = o.t) > 1');
-- of other types: the value is wider, the column is, both are text
SELECT compare('SELECT id, (SELECT max(t) FROM big b WHERE b.k = o.k::bigint) FROM few o');
SELECT compare('SELECT id, (SELECT max(t) FROM big b WHERE b.n = o.v) FROM few o');
SELECT compare('SELECT id, (SELECT max(b.k) FROM big b WHERE b.t = o.t) FROM few o');
-- the whole rows of the outer relation, its system columns, nothing of it but the value
SELECT compare('SELECT o, (SELECT max(t) FROM big b WHERE b.k = o.k) FROM few o');
SELECT compare('SELECT 1 FROM few o WHERE EXISTS (SELECT FROM big b WHERE b.k = o.k OFFSET 0)');
-- nested loops
SELECT compare('SELECT id, x.* FROM few o, LATERAL (SELECT t FROM big b WHERE b.v = o.v ORDER BY b.k LIMIT 1) x');
SELECT compare('SELECT id, x.* FROM few o LEFT JOIN LATERAL (SELECT t FROM big b WHERE b.k = o.k LIMIT 2) x ON true');
SELECT compare('SELECT id, x.k, y.v FROM few o, LATERAL (SELECT b.k FROM big b WHERE b.v = o.v ORDER BY b.k LIMIT 1) x,
    LATERAL (SELECT b.v FROM big b WHERE b.k = x.k LIMIT 1) y');
-- joins, groups, aggregates, windows
SELECT compare('SELECT o.id, (SELECT max(t) FROM big b WHERE b.k = o.k), p.v FROM few o JOIN spread p USING (id)');
SELECT compare('SELECT o.v, count(*), (SELECT max(t) FROM big b WHERE b.v = o.v) FROM few o GROUP BY o.v
    HAVING (SELECT count(*) FROM big b WHERE b.v = o.v) > 0');
SELECT compare('SELECT o.v, sum((SELECT b.v FROM big b WHERE b.k = o.k)) FROM few o GROUP BY o.v');
SELECT compare('SELECT id, (SELECT max(t) FROM big b WHERE b.k = o.k), rank() OVER (ORDER BY v) FROM few o');
SELECT compare('SELECT DISTINCT (SELECT b.v FROM big b WHERE b.k = o.k) FROM few o');
SELECT compare('SELECT id, (SELECT max(t) FROM big b WHERE b.k = o.k) FROM few o UNION ALL SELECT id, (SELECT min(t) FROM big b WHERE b.k = o.k) FROM few o');
SELECT compare('SELECT id, o.k NOT IN (SELECT b.k FROM big b WHERE b.v = o.v) FROM few o');
-- two levels: of the outermost row, and of the row between
SELECT compare('SELECT id, (SELECT count(*) FROM few p WHERE p.v = o.v AND p.id < (SELECT max(b.k) FROM big b WHERE b.k = o.k)) FROM few o WHERE id < 30');
SELECT compare('SELECT id, (SELECT sum((SELECT max(b.v) FROM big b WHERE b.k = p.k)) FROM few p WHERE p.v = o.v) FROM few o WHERE id < 30');
-- not more than is asked for: what would fail, what is limited
SELECT compare('SELECT id, CASE WHEN v <> 0 THEN (SELECT max(t) FROM big b WHERE b.k = 100 / o.v) END FROM few o');
SELECT compare('SELECT id, (SELECT max(t) FROM big b WHERE b.k = o.k) FROM (SELECT * FROM few ORDER BY id LIMIT 5) o');
-- volatile functions, locks and cursors that go back: one by one, as plain PostgreSQL does
CREATE SEQUENCE counted;
SELECT id, (SELECT max(t) FROM big b WHERE b.k = o.k) FROM (SELECT id, k, nextval('counted') FROM few OFFSET 0) o LIMIT 1;
SELECT last_value FROM counted;
SELECT compare('SELECT count(*) FROM (SELECT id, (SELECT max(t) FROM big b WHERE b.k = o.k) FROM few o WHERE id < 9 FOR UPDATE) x');
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT id, (SELECT max(t) FROM big b WHERE b.k = o.k) FROM few o ORDER BY id;
FETCH 3 FROM c;
FETCH BACKWARD 2 FROM c;
DECLARE d CURSOR FOR SELECT id, (SELECT max(t) FROM big b WHERE b.k = o.k) FROM few o;
FETCH 2 FROM d;
ROLLBACK;
-- all at once, where most of it will be asked for, or it is little anyway
SELECT compare('SELECT sum((SELECT max(b.v) FROM big b WHERE b.k = g)) FROM generate_series(1, 20000) g');
SELECT compare('SELECT sum((SELECT max(b.id) FROM spread b WHERE b.v = g)) FROM generate_series(1, 200) g');
-- on disk
SET work_mem = '64kB';
SET hash_mem_multiplier = 1;
SELECT compare('SELECT id, (SELECT string_agg(t, '','' ORDER BY b.k) FROM big b WHERE b.v = o.v) FROM few o, generate_series(1, 3)');
SELECT compare('SELECT sum((SELECT max(b.v) FROM big b WHERE b.k = g)) FROM generate_series(1, 20000) g');
RESET work_mem;
-- prepared, with parameters in the subquery's other conditions
PREPARE p(int) AS SELECT count((SELECT max(t) FROM big b WHERE b.k = o.k AND b.v > $1)) FROM few o;
SET plan_cache_mode = force_generic_plan;
EXECUTE p(10);
EXECUTE p(2000);
SELECT count((SELECT max(t) FROM plain_big b WHERE b.k = o.k AND b.v > 2000)) FROM few o;
-- as the source of writes
CREATE TABLE written AS SELECT id, (SELECT max(t) FROM big b WHERE b.k = o.k) FROM few o;
INSERT INTO spread SELECT id + 1000, (SELECT max(b.v) FROM big b WHERE b.k = o.k) FROM few o WHERE id < 5;
SELECT id, k FROM spread WHERE id > 1000 ORDER BY id;
UPDATE few o SET t = (SELECT max(b.t) FROM big b WHERE b.k = o.k) WHERE id < 4;
SELECT id, t FROM few WHERE id < 4 ORDER BY id;
-- A view's condition hides rows from users' functions, also where it has a subquery.
CREATE FUNCTION tells(int) RETURNS bool LANGUAGE plpgsql COST 0.0001 AS $$ BEGIN RAISE NOTICE 'saw %', $1; RETURN true; END $$;
CREATE VIEW shown WITH (security_barrier) AS
    SELECT id FROM few o WHERE id < 5 AND (SELECT count(*) FROM big b WHERE b.k = o.k AND b.k > 150) > 0;
SELECT * FROM shown WHERE tells(id) ORDER BY id;

SET client_min_messages = warning;
DROP SCHEMA planner_key_batches CASCADE;
