-- Rows of many shards come sorted from the nodes, one stream for each connection, and are merged: in the order of plain tables.
CREATE SCHEMA planner_ordered_merge;
SET search_path = planner_ordered_merge;
SET herd.explain_node_plans = off;
CREATE TABLE plain_many (k int, v int, t text);
INSERT INTO plain_many SELECT i, (i * 7919) % 4001, CASE WHEN i % 10 > 0 THEN 't' || i % 300 END FROM generate_series(1, 4000) i;
CREATE TABLE many (LIKE plain_many);
-- So many that what a node does is divided, too.
SELECT herd.create_distributed_table('many', 'k', 150);
INSERT INTO many SELECT * FROM plain_many;
ANALYZE plain_many, many;
CREATE FUNCTION compare(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text; rows text[]; expected text[];
BEGIN
    EXECUTE 'SELECT array_agg(q::text) FROM (' || query || ') q' INTO rows;
    EXECUTE 'SELECT array_agg(q::text) FROM (' || regexp_replace(query, '\mmany\M', 'plain_many') || ') q' INTO expected;
    RETURN NEXT CASE WHEN rows IS NOT DISTINCT FROM expected THEN 'equal, rows: ' || cardinality(rows) ELSE 'DIFFERENT' END;
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        CONTINUE WHEN line ~ 'Node:|Shards:';
        RETURN NEXT regexp_replace(line, 'herd_\d+_\d+', 'shard', 'g');
    END LOOP;
END $$;

-- few rows are sorted here: a node would plan its long statement first
SELECT compare('SELECT * FROM many ORDER BY v');
SET enable_sort = off;
SELECT compare('SELECT * FROM many ORDER BY v, k');
SELECT compare('SELECT k, t FROM many ORDER BY t DESC NULLS LAST, k');
SELECT compare('SELECT k, v % 10 AS d FROM many WHERE v > 1000 ORDER BY d DESC, k');
SELECT compare('SELECT DISTINCT ON (t) t, v, k FROM many ORDER BY t, v, k');
SELECT compare('SELECT k, row_number() OVER (ORDER BY v, k) FROM many');
-- not the whole order of the first rows: each task is about few shards, whose indexes may have that order
RESET enable_sort;
SELECT compare('SELECT * FROM many ORDER BY v, k LIMIT 5');
SELECT compare('SELECT t FROM many ORDER BY t FETCH FIRST 3 ROWS WITH TIES');
SET enable_sort = off;
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT k, v FROM many ORDER BY v, k;
FETCH 2 FROM c;
MOVE 3990 FROM c;
FETCH 2 FROM c;
FETCH ABSOLUTE 3 FROM c;
DECLARE d CURSOR FOR SELECT k, v FROM many ORDER BY v DESC, k;
FETCH 1 FROM d;
FETCH NEXT FROM c;
FETCH 1 FROM d;
CLOSE c;
FETCH 1 FROM d;
COMMIT;

SET client_min_messages = warning;
DROP SCHEMA planner_ordered_merge CASCADE;
