-- Joins by other columns than the key: the smaller side travels to the shards. Subqueries as filters wait for what the shards can join.
-- Each query gives the rows of plain tables.
CREATE SCHEMA planner_broadcasts;
SET search_path = planner_broadcasts;
SET herd.explain_node_plans = off;
\set SHOW_CONTEXT never
CREATE TABLE plain_few (k int, v int, t text);
CREATE TABLE plain_many (k int, g int, v int, t text);
INSERT INTO plain_few SELECT i, i % 70, 't' || i % 50 FROM generate_series(1, 300) i;
INSERT INTO plain_few VALUES (NULL, NULL, NULL);
INSERT INTO plain_many SELECT i, i % 800, i, 't' || i % 60 FROM generate_series(1, 5000) i;
INSERT INTO plain_many SELECT i FROM generate_series(1, 10) i;
CREATE TABLE few (LIKE plain_few);
CREATE TABLE many (LIKE plain_many);
SELECT herd.create_distributed_table('few', 'k', 4), herd.create_distributed_table('many', 'k', 5, colocate_with => 'none');
INSERT INTO few SELECT * FROM plain_few;
INSERT INTO many SELECT * FROM plain_many;
ANALYZE plain_few, plain_many, few, many;
CREATE FUNCTION compare(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text; rows text[]; expected text[];
BEGIN
    EXECUTE 'SELECT array_agg(q::text ORDER BY q::text) FROM (' || query || ') q' INTO rows;
    EXECUTE 'SELECT array_agg(q::text ORDER BY q::text) FROM (' ||
        regexp_replace(query, '\m(few|many)\M', 'plain_\1', 'g') || ') q' INTO expected;
    RETURN NEXT CASE WHEN rows IS NOT DISTINCT FROM expected THEN 'equal, rows: ' || cardinality(rows) ELSE 'DIFFERENT' END;
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        CONTINUE WHEN line !~ '->|Task: ' AND line ~ '^ ';
        RETURN NEXT regexp_replace(line, 'herd_\d+_\d+', 'shard', 'g');
    END LOOP;
END $$;

-- The inner side travels, all of it at once.
SELECT compare('SELECT m.k FROM many m WHERE EXISTS (SELECT FROM few f WHERE f.v = m.g AND f.t <> m.t)');
SELECT compare('SELECT m.k FROM many m WHERE NOT EXISTS (SELECT FROM few f WHERE f.v = m.g)');
SELECT compare('SELECT m.k FROM many m WHERE m.g IN (SELECT v FROM few WHERE t = ''t1'')');
SELECT compare('SELECT m.k, f.k AS fk FROM many m LEFT JOIN few f ON f.v = m.g AND f.t = ''t1''');
-- One that has no rows, too.
SELECT compare('SELECT m.k FROM many m WHERE NOT EXISTS (SELECT FROM few f WHERE f.v = m.g AND f.t = ''none'')');
SELECT compare('SELECT m.k, f.k AS fk FROM many m LEFT JOIN few f ON f.v = m.g AND f.t = ''none''');
-- The outer side travels where each row has its partners on one shard.
SELECT compare('SELECT f.k FROM few f WHERE EXISTS (SELECT FROM many m WHERE m.k = f.v AND m.g > 3)');
-- Not so here: a row would come from several shards, or from those where it has no partner.
SELECT compare('SELECT f.k FROM few f WHERE EXISTS (SELECT FROM many m WHERE m.g = f.v)');
SELECT compare('SELECT f.k FROM few f WHERE NOT EXISTS (SELECT FROM many m WHERE m.k = f.v)');
SELECT compare('SELECT f.k FROM few f LEFT JOIN many m ON m.k = f.v AND m.g = 3');

-- Filters that the nodes can't apply.
SELECT compare('SELECT f.k, m.k FROM few f JOIN many m ON m.g = f.v WHERE f.v > (SELECT avg(v) / 100 FROM many x WHERE x.t = f.t)');
SELECT compare('SELECT f.k, m.k FROM few f JOIN many m ON m.g = f.v AND m.v > (SELECT avg(v) FROM many x WHERE x.t = f.t)');
SELECT compare('SELECT f.k, o.k AS ok FROM few f LEFT JOIN few o ON o.k = f.k AND o.v < 9 WHERE f.v > (SELECT avg(v) / 100 FROM many x WHERE x.t = f.t)');
SELECT compare('SELECT f.k FROM few f WHERE EXISTS (SELECT FROM few o WHERE o.k = f.k) AND f.v > (SELECT avg(v) / 100 FROM many x WHERE x.t = f.t)');
-- not before an outer join that decides on the filtered side
SELECT compare('SELECT f.k, o.k AS ok FROM few f LEFT JOIN few o ON o.k = f.k AND o.v > (SELECT avg(v) / 100 FROM many x WHERE x.t = o.t)');

SET client_min_messages = warning;
DROP SCHEMA planner_broadcasts CASCADE;
