-- Where the states of groups are made: shard by shard, or over the rows of all shards of a task.
CREATE SCHEMA planner_group_states;
SET search_path = planner_group_states;
SET herd.shard_count = 4;
SET herd.explain_node_plans = off;
CREATE TABLE many (id int PRIMARY KEY, kind int, price numeric) WITH (autovacuum_enabled = off);
CREATE TABLE few (id int PRIMARY KEY, kind int, price numeric) WITH (autovacuum_enabled = off);
CREATE TABLE unknown (id int PRIMARY KEY, kind int, price numeric) WITH (autovacuum_enabled = off);
CREATE TABLE plain AS SELECT i AS id, i % 10 AS kind, (i % 5000) * 0.5 AS price FROM generate_series(1, 20000) i;
SELECT herd.create_distributed_table('many', 'id'), herd.create_distributed_table('few', 'id'),
       herd.create_distributed_table('unknown', 'id');
INSERT INTO many TABLE plain;
INSERT INTO few SELECT * FROM plain WHERE id <= 3;
INSERT INTO unknown TABLE plain;
ANALYZE many, few, plain;
-- Where a task is about the rows of its shards together, it has WITH.
CREATE FUNCTION task_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        CONTINUE WHEN line !~ 'Task: ';
        RETURN NEXT regexp_replace(line, 'herd_\d+_\d+', 'shard', 'g');
    END LOOP;
END $$;

-- Few states for many rows.
SELECT task_of('SELECT count(*), avg(price) FROM many');
SELECT task_of('SELECT kind, sum(price) FROM many GROUP BY kind HAVING count(*) > 3');
SELECT task_of('SELECT count(*) FROM (SELECT id, count(*) FROM many GROUP BY id) AS groups');
SELECT task_of('SELECT m.kind, count(*) FROM many m JOIN unknown u USING (id) GROUP BY 1');
-- As many states as rows, or hardly fewer.
SELECT task_of('SELECT price, count(*) FROM many GROUP BY price');
-- Few rows: a statement of few parts is worth more.
SELECT task_of('SELECT count(*), avg(price) FROM few');
-- Who knows how many states?
SELECT task_of('SELECT kind, count(*) FROM unknown GROUP BY kind');
CREATE FUNCTION differs(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE found bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM ((%1$s EXCEPT ALL %2$s) UNION ALL (%2$s EXCEPT ALL %1$s)) AS other',
                   format(query, 'many'), format(query, 'plain')) INTO found;
    RETURN found;
END $$;
SELECT differs('SELECT count(*), sum(kind), avg(price), min(id), stddev(price), count(*) FILTER (WHERE kind = 3) FROM %s');
SELECT differs('SELECT count(*), sum(kind), avg(price), max(id) FROM %s WHERE id = 7');
SELECT differs('SELECT count(*), sum(kind), avg(price), max(id) FROM %s WHERE id < 0');
SELECT differs('SELECT kind %% 3, sum(price), variance(id) FROM %s GROUP BY 1 HAVING avg(price) > 1249');
SELECT differs('SELECT price, count(*) FROM %s GROUP BY price');
SET client_min_messages = warning;
DROP SCHEMA planner_group_states CASCADE;
