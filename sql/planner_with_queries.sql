-- Members of WITH that are kept for several readers go to the shards with the query, if each shard can compute what is its own of both.
CREATE SCHEMA planner_with_queries;
SET search_path = planner_with_queries;
SET herd.shard_count = 4;
SET herd.explain_node_plans = off;
\set SHOW_CONTEXT never
CREATE TABLE visits (shop int, id int, amount numeric, PRIMARY KEY (shop, id));
CREATE TABLE parts (shop int, part int, whole int);
CREATE TABLE elsewhere (k int, v int);
CREATE TABLE kinds (kind int PRIMARY KEY, name text);
SELECT herd.create_distributed_table('visits', 'shop'),
       herd.create_distributed_table('parts', 'shop', colocate_with => 'visits'),
       herd.create_distributed_table('elsewhere', 'k', shard_count => 5, colocate_with => 'none'),
       herd.create_reference_table('kinds');
INSERT INTO visits SELECT i % 20, i, i % 13 FROM generate_series(1, 200) i;
INSERT INTO parts SELECT i % 20, i, i - 20 * (1 + i % 3) FROM generate_series(1, 300) i;
INSERT INTO elsewhere SELECT i, i % 10 FROM generate_series(1, 50) i;
INSERT INTO kinds SELECT i, 'kind ' || i FROM generate_series(0, 4) i;
ANALYZE visits, parts, elsewhere;
CREATE TABLE plain_visits AS SELECT * FROM visits;
CREATE TABLE plain_parts AS SELECT * FROM parts;
-- The plan's nodes and the SQL of the tasks, without the shards' names.
CREATE FUNCTION plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        CONTINUE WHEN line !~ '->|Task: |Shards: ' AND line ~ '^ ';
        RETURN NEXT regexp_replace(line, 'herd_\d+_\d+', 'shard', 'g');
    END LOOP;
END $$;
-- The rows that a query gives more or fewer than over plain tables.
CREATE FUNCTION differences(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE plain text := regexp_replace(query, '\m(visits|parts)\M', 'plain_\1', 'g');
BEGIN
    RETURN QUERY EXECUTE format('WITH d AS (SELECT s::text FROM (%s) s), p AS (SELECT s::text FROM (%s) s)
        (TABLE d EXCEPT ALL TABLE p) UNION ALL (TABLE p EXCEPT ALL TABLE d)', query, plain);
END $$;

-- read twice, by the key
SELECT plan_of('WITH c AS (SELECT shop, count(*) AS n FROM visits WHERE amount > 2 GROUP BY shop) SELECT a.shop, a.n FROM c a JOIN c b USING (shop) WHERE b.n > 3 ORDER BY 1 LIMIT 3');
SELECT differences('WITH c AS (SELECT shop, count(*) AS n FROM visits WHERE amount > 2 GROUP BY shop) SELECT a.shop, a.n FROM c a JOIN c b USING (shop) WHERE b.n > 3');
-- in groups that are not by the key; in windows; in a set operation; one member reads another, MATERIALIZED or not
SELECT plan_of('WITH c AS (SELECT shop, count(*) AS n FROM visits GROUP BY shop) SELECT a.n, count(*) FROM c a JOIN c b USING (shop) GROUP BY a.n HAVING count(*) > 1');
SELECT plan_of('WITH c AS MATERIALIZED (SELECT shop, amount FROM visits) SELECT shop, rank() OVER (PARTITION BY shop ORDER BY amount) FROM c');
SELECT plan_of('WITH c AS (SELECT shop, id FROM visits) SELECT shop FROM c UNION SELECT a.shop FROM c a JOIN parts USING (shop)');
SELECT plan_of('WITH c AS MATERIALIZED (SELECT shop, id, amount FROM visits), d AS (SELECT shop, max(amount) AS most FROM c GROUP BY shop) SELECT c.id FROM c JOIN d USING (shop) JOIN kinds ON kind = shop WHERE amount = most AND EXISTS (SELECT FROM d WHERE d.shop = c.shop AND d.most > 3)');
SELECT differences('WITH c AS MATERIALIZED (SELECT shop, id, amount FROM visits), d AS (SELECT shop, max(amount) AS most FROM c GROUP BY shop) SELECT c.id FROM c JOIN d USING (shop) JOIN kinds ON kind = shop WHERE amount = most AND EXISTS (SELECT FROM d WHERE d.shop = c.shop AND d.most > 3)');
-- one key: one shard; a parameter
SELECT plan_of('WITH c AS MATERIALIZED (SELECT shop, id FROM visits WHERE shop = 7) SELECT count(*) FROM c a JOIN c b ON a.id = b.shop');
SELECT plan_of('WITH c AS MATERIALIZED (SELECT shop, count(*) AS n FROM visits WHERE shop = 7 GROUP BY shop) SELECT * FROM c JOIN parts USING (shop) JOIN c d ON c.n = d.n');
SELECT plan_of('WITH RECURSIVE r AS (SELECT shop, part FROM parts WHERE shop = 7 AND whole <= 0 UNION ALL SELECT p.shop, p.part FROM r JOIN parts p ON p.shop = r.shop AND p.whole = r.part) SELECT count(*) FROM r JOIN visits USING (shop)');
SELECT plan_of('WITH RECURSIVE r AS (SELECT 7 AS shop, 1 AS part UNION SELECT r.shop, p.part FROM r JOIN parts p ON p.shop = r.shop AND p.part > r.part) SELECT * FROM r LIMIT 3');
SELECT differences('WITH RECURSIVE r AS (SELECT 7 AS shop, 1 AS part UNION SELECT r.shop, p.part FROM r JOIN parts p ON p.shop = r.shop AND p.part > r.part) SELECT * FROM r');
SELECT differences('WITH RECURSIVE r AS (SELECT shop, part FROM parts WHERE shop = 7 UNION SELECT r.shop + 1, p.part FROM r JOIN parts p ON p.shop = r.shop AND r.shop < 12) SELECT count(*) FROM r JOIN visits USING (shop)');
PREPARE by_amount (numeric) AS WITH c AS (SELECT shop, count(*) AS n FROM visits WHERE amount > $1 GROUP BY shop) SELECT count(*) FROM c a JOIN c b USING (shop) WHERE a.n + $1 > 10;
SET plan_cache_mode = force_generic_plan;
EXECUTE by_amount (3);
RESET plan_cache_mode;
EXECUTE by_amount (3);
-- not by the key, with a subquery about all rows, sorted, locked, or with other values for each reader: computed once, here
SELECT plan_of('WITH c AS (SELECT shop, id, count(*) AS n FROM visits GROUP BY shop, id) SELECT count(*) FROM c a JOIN c b ON a.id = b.shop');
SELECT plan_of('WITH c AS (SELECT shop, count(*) AS n FROM visits GROUP BY shop) SELECT shop FROM c WHERE n > (SELECT avg(n) FROM c)');
SELECT plan_of('WITH c AS MATERIALIZED (SELECT shop, id FROM visits ORDER BY id) SELECT array_agg(id) FROM c');
SELECT plan_of('WITH c AS MATERIALIZED (SELECT shop FROM visits FOR UPDATE) SELECT count(*) FROM c');
SELECT plan_of('WITH c AS (SELECT shop, random() AS r FROM visits) SELECT count(*) FROM c a JOIN c b USING (shop) WHERE a.r <> b.r');
WITH c AS (SELECT shop, id, random() AS r FROM visits) SELECT count(*) FROM c a JOIN c b USING (shop, id) WHERE a.r <> b.r;
-- its own windows and groups are the shards' all the same
SELECT plan_of('WITH c AS MATERIALIZED (SELECT shop, rank() OVER (PARTITION BY shop ORDER BY amount) AS r FROM visits) SELECT count(*) FROM c a JOIN c b ON a.shop = b.r');
-- and those of arms of a set operation over several groups of tables
SELECT plan_of('SELECT shop, rank() OVER (PARTITION BY shop ORDER BY amount) FROM visits EXCEPT SELECT k, v FROM elsewhere');

-- WITH RECURSIVE: what is found from a shard's rows is on that shard
SELECT plan_of('WITH RECURSIVE r AS (SELECT shop, part, 1 AS depth FROM parts WHERE whole <= 0 UNION ALL SELECT p.shop, p.part, depth + 1 FROM r JOIN parts p ON p.shop = r.shop AND p.whole = r.part) SELECT shop, max(depth) FROM r GROUP BY shop');
SELECT differences('WITH RECURSIVE r AS (SELECT shop, part, 1 AS depth FROM parts WHERE whole <= 0 UNION ALL SELECT p.shop, p.part, depth + 1 FROM r JOIN parts p ON p.shop = r.shop AND p.whole = r.part) SELECT shop, max(depth) FROM r GROUP BY shop');
SELECT differences('WITH RECURSIVE r AS (SELECT shop, part % 3 AS p FROM parts UNION SELECT shop, (p + 1) % 3 FROM r) SELECT count(*) FROM r JOIN visits USING (shop)');
SELECT differences('WITH RECURSIVE r AS (SELECT shop, part % 3 AS p FROM parts UNION ALL SELECT shop, (p + 1) % 3 FROM r) SEARCH DEPTH FIRST BY p SET o CYCLE p SET is_cycle USING path SELECT is_cycle, count(*) FROM r GROUP BY is_cycle');
SELECT differences('SELECT v.id, x.n FROM visits v, LATERAL (WITH RECURSIVE r AS (SELECT shop, part FROM parts WHERE shop = v.shop AND whole <= 0 UNION SELECT p.shop, p.part FROM r JOIN parts p ON p.shop = r.shop AND p.whole = r.part) SELECT count(*) AS n FROM r) x');
-- or it is not; CYCLE with values that can't be written again; a limit may be what ends it
SELECT plan_of('WITH RECURSIVE r AS (SELECT shop, part FROM parts WHERE whole <= 0 UNION SELECT p.shop, p.part FROM r JOIN parts p ON p.shop = r.part) SELECT count(*) FROM r');
SELECT plan_of('WITH RECURSIVE r AS (SELECT shop, part FROM parts WHERE whole <= 0 UNION SELECT shop + 1, part FROM r WHERE shop < 20) SELECT count(*) FROM r JOIN visits USING (shop)');
SELECT plan_of('WITH RECURSIVE r AS (SELECT shop, part FROM parts UNION ALL SELECT shop, part FROM r) CYCLE part SET is_cycle TO date ''2024-01-01'' DEFAULT date ''2024-01-02'' USING path SELECT count(*) FROM r');
SELECT plan_of('WITH RECURSIVE r AS (SELECT shop, part FROM parts UNION ALL SELECT shop, part + 1 FROM r) SELECT count(*) FROM (SELECT * FROM r LIMIT 3) s');
WITH RECURSIVE r AS (SELECT shop, 0 AS n FROM parts WHERE part = 1 UNION ALL SELECT shop, n + 1 FROM r) SELECT * FROM r LIMIT 2;

-- What policies hide stays hidden: this would divide by zero.
CREATE ROLE planner_with_queries_reader;
GRANT USAGE ON SCHEMA planner_with_queries TO planner_with_queries_reader;
GRANT SELECT ON visits, parts TO planner_with_queries_reader;
ALTER TABLE visits ENABLE ROW LEVEL SECURITY;
CREATE POLICY not_forty ON visits USING (id <> 40);
SET ROLE planner_with_queries_reader;
WITH c AS MATERIALIZED (SELECT shop, 1 / (id - 40) AS n FROM visits) SELECT count(*) FROM c a JOIN c b USING (shop);
WITH RECURSIVE r AS (SELECT shop, 1 / (id - 40) AS n FROM visits UNION SELECT v.shop, 1 / (id - 40) FROM r JOIN visits v USING (shop) WHERE n > 0) SELECT count(*) FROM r;
SELECT count(*) FROM (WITH c AS (SELECT k FROM elsewhere) SELECT FROM visits WHERE shop IN (TABLE c)) s;
RESET ROLE;
DROP SCHEMA planner_with_queries CASCADE;
DROP ROLE planner_with_queries_reader;
