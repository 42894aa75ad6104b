-- Subqueries that depend on nothing around them are computed here once, where the shards can't answer them, and travel as parameters to what
-- the shards compute.
CREATE SCHEMA planner_hoisted_sublinks;
SET search_path = planner_hoisted_sublinks;
SET herd.shard_count = 4;
SET herd.explain_node_plans = off;
\set SHOW_CONTEXT never
CREATE TABLE visits (shop int, id int, amount numeric, day date, PRIMARY KEY (shop, id));
CREATE TABLE parts (shop int, part int);
CREATE TABLE elsewhere (k int, v int, day date);
CREATE TABLE here (v int, word text);
SELECT herd.create_distributed_table('visits', 'shop'),
       herd.create_distributed_table('parts', 'shop', colocate_with => 'visits'),
       herd.create_distributed_table('elsewhere', 'k', shard_count => 5, colocate_with => 'none');
INSERT INTO visits SELECT i % 20, i, i % 13, date '2024-01-01' + i % 9 FROM generate_series(1, 200) i;
INSERT INTO parts SELECT i % 15, i FROM generate_series(1, 100) i;
INSERT INTO elsewhere SELECT i, i % 10, date '2024-01-01' + i % 5 FROM generate_series(1, 50) i;
INSERT INTO here SELECT i, 'word ' || i FROM generate_series(1, 5) i;
INSERT INTO here VALUES (NULL, NULL);
ANALYZE visits, parts, elsewhere, here;
CREATE TABLE plain_visits AS SELECT * FROM visits;
CREATE TABLE plain_parts AS SELECT * FROM parts;
CREATE TABLE plain_elsewhere AS SELECT * FROM elsewhere;
-- The plan's nodes and the SQL of the tasks, without the shards' names.
CREATE FUNCTION plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        CONTINUE WHEN line !~ '->|Task: |Shards: |InitPlan' AND line ~ '^ ';
        RETURN NEXT regexp_replace(line, 'herd_\d+_\d+', 'shard', 'g');
    END LOOP;
END $$;
-- The rows that a query gives more or fewer than over plain tables.
CREATE FUNCTION differences(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE plain text := regexp_replace(query, '\m(visits|parts|elsewhere)\M', 'plain_\1', 'g');
BEGIN
    RETURN QUERY EXECUTE format('WITH d AS (SELECT s::text FROM (%s) s), p AS (SELECT s::text FROM (%s) s)
        (TABLE d EXCEPT ALL TABLE p) UNION ALL (TABLE p EXCEPT ALL TABLE d)', query, plain);
END $$;
-- Shows the plan and compares the rows.
CREATE FUNCTION shown(query text) RETURNS SETOF text LANGUAGE sql AS $$ SELECT plan_of(query) UNION ALL SELECT differences(query) $$;

-- one value, EXISTS, an array, a row
SELECT shown('SELECT v.id, s.n FROM visits v JOIN (SELECT shop, count(*) AS n FROM visits WHERE amount > (SELECT avg(v) FROM elsewhere) GROUP BY shop) s USING (shop)');
SELECT shown('SELECT count(*) FROM (SELECT shop, max(id) FROM visits WHERE EXISTS (SELECT FROM here WHERE v > 3) GROUP BY shop) s');
SELECT shown('SELECT count(*) FROM (SELECT DISTINCT shop, day FROM visits WHERE day = ANY (ARRAY(SELECT day FROM elsewhere ORDER BY k LIMIT 2))) s');
SELECT shown('SELECT count(*) FROM (SELECT DISTINCT shop, day FROM visits WHERE (id, amount) < (SELECT k, v FROM elsewhere WHERE k = 30)) s');
SELECT shown('SELECT count(*) FROM (SELECT shop, day FROM visits GROUP BY shop, day HAVING count(*) >= coalesce((SELECT min(v) FROM here WHERE v > 9), 1)) s');
-- lists, with NULLs and without rows
SELECT shown('SELECT count(*) FROM (SELECT shop, count(*) FROM visits WHERE amount = 12 OR id IN (SELECT v FROM elsewhere WHERE k < 20) GROUP BY shop) s');
SELECT shown('SELECT count(*), count(x) FROM (SELECT DISTINCT shop, id NOT IN (SELECT v FROM here) AS x FROM visits) s');
SELECT differences('SELECT shop, x FROM (SELECT DISTINCT shop, id NOT IN (SELECT v FROM here WHERE v > 9) AS x FROM visits) s');
SELECT differences('SELECT shop, x FROM (SELECT DISTINCT shop, id > ALL (SELECT v FROM elsewhere) AS x, id = ANY (SELECT v FROM here) AS y FROM visits) s');
SELECT shown('SELECT count(*) FROM (SELECT shop, count(*) FROM visits WHERE (id, amount) IN (SELECT k, v FROM elsewhere) GROUP BY shop) s');
-- in a whole statement too, below its groups; but what becomes a join is left to it
SELECT shown('SELECT count(*), sum(amount) FROM visits WHERE id NOT IN (SELECT v FROM elsewhere WHERE k > 20) AND shop < (SELECT max(k) FROM elsewhere)');
SELECT shown('SELECT day, count(*) FROM visits v JOIN parts p USING (shop) WHERE part = 12 OR id = ANY (SELECT v FROM elsewhere) GROUP BY day');
SELECT shown('SELECT v.shop, p.part FROM visits v LEFT JOIN parts p ON p.shop = v.shop AND p.part NOT IN (SELECT v FROM elsewhere) WHERE v.id < 30');
SELECT plan_of('SELECT count(*) FROM visits WHERE id NOT IN (SELECT v FROM elsewhere) AND id IN (SELECT v FROM here)');
SELECT differences('SELECT count(*) FROM visits WHERE id NOT IN (SELECT v FROM elsewhere) AND id IN (SELECT v FROM here)');
-- beside tables that are elsewhere, what is about the shards' rows alone
SELECT shown('SELECT count(*) FROM visits JOIN here ON here.v = id WHERE amount NOT IN (SELECT v FROM elsewhere)');
-- the key: pruned by the value
SELECT shown('SELECT * FROM (SELECT shop, count(*) FROM visits WHERE shop = (SELECT max(v) FROM elsewhere WHERE k = 7) GROUP BY shop) s');
SELECT differences('SELECT count(*) FROM (SELECT v.shop, count(*) FROM visits v, parts p WHERE v.shop = (SELECT max(v) FROM elsewhere WHERE k = 7) AND p.shop = (SELECT max(v) FROM elsewhere WHERE k = 8) GROUP BY 1) s');
-- key IN (SELECT key …) is the shards' own; but not what it is not in
SELECT shown('SELECT count(*) FROM (SELECT shop, count(*) FROM visits WHERE shop IN (SELECT shop FROM parts WHERE part > 50) GROUP BY shop) s');
SELECT shown('SELECT count(*) FROM (SELECT shop, count(*) FROM visits WHERE shop NOT IN (SELECT shop FROM parts WHERE part > 50) GROUP BY shop) s');
-- inside a subquery that is correlated, in LATERAL, in WITH, in an arm, in a statement with windows
SELECT shown('SELECT id, (SELECT count(*) FROM parts p WHERE p.shop = v.shop AND part > (SELECT avg(v) FROM elsewhere)) FROM visits v');
SELECT shown('SELECT v.id, p.part FROM visits v, LATERAL (SELECT part FROM parts p WHERE p.shop = v.shop AND part > (SELECT avg(v) FROM elsewhere) ORDER BY part LIMIT 2) p');
SELECT shown('WITH c AS (SELECT shop, count(*) AS n FROM visits WHERE id IN (SELECT k FROM elsewhere WHERE v = 3) GROUP BY shop) SELECT a.shop, b.n FROM c a JOIN c b USING (shop)');
SELECT shown('SELECT shop FROM visits WHERE amount > (SELECT avg(v) FROM elsewhere) EXCEPT SELECT shop FROM parts');
SELECT plan_of('SELECT shop, rank() OVER (PARTITION BY shop ORDER BY id) FROM visits WHERE amount > (SELECT avg(v) FROM elsewhere) ORDER BY 2, 1 LIMIT 3');
-- with WITH of the query around; three levels deep, each with one
SELECT shown('WITH c AS MATERIALIZED (SELECT v FROM elsewhere WHERE k < 20) SELECT count(*) FROM (SELECT shop, count(*) FROM visits WHERE id IN (SELECT v FROM c) AND amount < (SELECT max(v) FROM c) GROUP BY shop) s');
SELECT shown('SELECT count(*) FROM (SELECT shop, n FROM (SELECT shop, count(*) AS n FROM (SELECT shop, day FROM visits WHERE amount > (SELECT avg(v) FROM elsewhere) GROUP BY shop, day HAVING count(*) > (SELECT min(v) FROM here)) a GROUP BY shop) b WHERE n < (SELECT count(*) FROM elsewhere)) c');
-- evaluated once
CREATE SEQUENCE calls;
SELECT count(*) > 0 FROM (SELECT shop, count(*) FROM visits WHERE id > (SELECT nextval('calls')) GROUP BY shop) s;
SELECT last_value FROM calls;
-- what may find several rows is not asked for before it is needed, nor are rows locked
SELECT count(*) FROM (SELECT shop, max(CASE WHEN id < 0 THEN (SELECT v FROM elsewhere) END) AS v FROM visits GROUP BY shop) s;
SELECT plan_of('SELECT count(*) FROM (SELECT shop, count(*) FROM visits WHERE id IN (SELECT k FROM elsewhere FOR UPDATE) GROUP BY shop) s');
-- generic plans
PREPARE below (int) AS SELECT count(*) FROM (SELECT shop, count(*) FROM visits WHERE id IN (SELECT k FROM elsewhere WHERE v < $1) OR amount = (SELECT max(v) FROM elsewhere WHERE k < $1) GROUP BY shop) s;
SET plan_cache_mode = force_generic_plan;
EXECUTE below (3);
EXECUTE below (7);
RESET plan_cache_mode;
EXECUTE below (3);
EXECUTE below (7);
-- many values don't travel
INSERT INTO elsewhere SELECT i, i FROM generate_series(1000, 1100) i;
UPDATE pg_class SET reltuples = 5000000 WHERE oid = 'elsewhere'::regclass;
SELECT plan_of('SELECT count(*) FROM (SELECT shop, count(*) FROM visits WHERE amount = 12 OR id IN (SELECT v FROM elsewhere) GROUP BY shop) s');

-- Who may not read the table may not read it there, and what a policy hides is hidden, in the subquery and around it.
CREATE ROLE planner_hoisted_sublinks_reader;
GRANT USAGE ON SCHEMA planner_hoisted_sublinks TO planner_hoisted_sublinks_reader;
GRANT SELECT ON visits TO planner_hoisted_sublinks_reader;
ALTER TABLE visits ENABLE ROW LEVEL SECURITY;
CREATE POLICY not_forty ON visits USING (id <> 40 AND shop NOT IN (SELECT part FROM parts WHERE part = 3));
SET ROLE planner_hoisted_sublinks_reader;
SELECT count(*) FROM (SELECT shop, count(*) FROM visits WHERE id > (SELECT avg(v) FROM elsewhere) GROUP BY shop) s;
RESET ROLE;
GRANT SELECT ON elsewhere, parts TO planner_hoisted_sublinks_reader;
SET ROLE planner_hoisted_sublinks_reader;
SELECT count(*) FROM (SELECT shop, count(*) FROM visits WHERE 1 / (id - 40) < (SELECT max(v) FROM elsewhere) AND 1 / (shop - 3) < 2 GROUP BY shop) s;
SELECT count(*) FROM (SELECT k, count(*) FROM elsewhere WHERE v <= (SELECT max(1 / (id - 40)) FROM visits) GROUP BY k) s;
RESET ROLE;
DROP SCHEMA planner_hoisted_sublinks CASCADE;
DROP ROLE planner_hoisted_sublinks_reader;
