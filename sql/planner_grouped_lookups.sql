-- A correlated subquery that aggregates: the shards give states for every value, which are fetched once and looked up. It gives what plain
-- tables give.
CREATE SCHEMA planner_grouped_lookups;
SET search_path = planner_grouped_lookups;
SET herd.explain_node_plans = off;
\set SHOW_CONTEXT never
CREATE TABLE plain_outside (k int, v int, n numeric, t text);
CREATE TABLE plain_lines (k int, v int, n numeric, t text, amount numeric);
INSERT INTO plain_outside SELECT i, i % 40, i % 5, 't' || i % 6 FROM generate_series(1, 200) i;
INSERT INTO plain_outside VALUES (NULL, NULL, NULL, NULL), (900, 900, 900, 'none');
INSERT INTO plain_lines SELECT i, i % 45, (i % 7) * CASE WHEN i % 2 = 0 THEN 1.0 ELSE 1.00 END, 't' || i % 8, i * 1.5
FROM generate_series(1, 2000) i;
INSERT INTO plain_lines SELECT i FROM generate_series(1, 10) i;
CREATE TABLE outside (LIKE plain_outside);
CREATE TABLE lines (LIKE plain_lines);
SELECT herd.create_distributed_table('outside', 'k', 4), herd.create_distributed_table('lines', 'k', 5, colocate_with => 'none');
INSERT INTO outside SELECT * FROM plain_outside;
INSERT INTO lines SELECT * FROM plain_lines;
ANALYZE plain_outside, plain_lines, outside, lines;
CREATE FUNCTION compare(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text; rows text[]; expected text[];
BEGIN
    EXECUTE 'SELECT array_agg(q::text ORDER BY q::text) FROM (' || query || ') q' INTO rows;
    EXECUTE 'SELECT array_agg(q::text ORDER BY q::text) FROM (' ||
        regexp_replace(query, '\m(outside|lines)\M', 'plain_\1', 'g') || ') q' INTO expected;
    RETURN NEXT CASE WHEN rows IS NOT DISTINCT FROM expected THEN 'equal, rows: ' || cardinality(rows) ELSE 'DIFFERENT' END;
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        CONTINUE WHEN line !~ 'Task: .*lines';
        RETURN NEXT regexp_replace(trim(line), 'herd_\d+_\d+', 'shard', 'g');
    END LOOP;
END $$;

SELECT compare('SELECT k, (SELECT avg(amount) FROM lines l WHERE l.v = o.v) FROM outside o');
SELECT compare('SELECT k, (SELECT count(*) FROM lines l WHERE l.v = o.v AND l.amount > 99) FROM outside o');
SELECT compare('SELECT k FROM outside o WHERE v < (SELECT 0.1 * sum(amount) + max(l.k) FROM lines l WHERE l.v = o.v AND l.t = o.t)');
SELECT compare('SELECT k, (SELECT sum(amount) FROM lines l WHERE l.n = o.n) FROM outside o');
SELECT compare('SELECT k, (SELECT sum(amount) FROM lines l WHERE l.t = o.t HAVING count(*) > 250) FROM outside o');
SELECT compare('SELECT k, (SELECT sum(amount) + o.v FROM lines l WHERE l.v = o.v) FROM outside o');
-- by the key, and by an expression of the outer row
SELECT compare('SELECT k, (SELECT sum(amount) FROM lines l WHERE l.k = o.k) FROM outside o');
SELECT compare('SELECT k, (SELECT sum(amount) FROM lines l WHERE l.v = o.v + 1) FROM outside o');
-- not by states: what is aggregated, or a condition, depends on the outer row otherwise
SELECT compare('SELECT k, (SELECT sum(amount * o.v) FROM lines l WHERE l.v = o.v) FROM outside o');
SELECT compare('SELECT k, (SELECT sum(amount) FROM lines l WHERE l.v = o.v AND l.k > o.k) FROM outside o');
SELECT compare('SELECT k, (SELECT string_agg(t, '','' ORDER BY l.k) FROM lines l WHERE l.v = o.v) FROM outside o');
SELECT compare('SELECT k, (SELECT sum(amount) FROM lines l WHERE l.t COLLATE "C" = o.t) FROM outside o');
-- two levels up
SELECT compare('SELECT k, (SELECT max(p.v + (SELECT count(*) FROM lines l WHERE l.v = o.v)) FROM outside p WHERE p.v = o.v) FROM outside o');
-- on disk
SET work_mem = '64kB';
SELECT compare('SELECT k, (SELECT sum(amount) FROM lines l WHERE l.k = o.k AND l.v < 1000) FROM outside o');
RESET work_mem;
-- more than one row
SELECT k, (SELECT amount FROM lines l WHERE l.v = o.v) FROM outside o;
SELECT compare('SELECT k, (SELECT amount FROM lines l WHERE l.v = o.v ORDER BY amount DESC LIMIT 1) FROM outside o');
SELECT compare('SELECT k FROM outside o WHERE v NOT IN (SELECT v FROM lines l WHERE l.t = o.t)');

SET client_min_messages = warning;
DROP SCHEMA planner_grouped_lookups CASCADE;
