-- ctid, xmin and xmax are shown as each shard has them, and can be used in statements on one key; tableoid is that of the table.
CREATE SCHEMA planner_system_columns;
SET search_path = planner_system_columns;
CREATE TABLE item (id int PRIMARY KEY, value int);
SELECT herd.create_distributed_table('item', 'id', shard_count => 4);
INSERT INTO item SELECT g, g % 3 FROM generate_series(1, 20) g;

SELECT count(*), bool_and(tableoid = 'item'::regclass) FROM item;
CREATE TEMP TABLE seen AS SELECT ctid AS place, xmin AS made, xmax AS gone, id FROM item ORDER BY id;
SELECT count(*), count(place), count(made) FROM seen;
CREATE TEMP TABLE joined AS SELECT a.ctid AS place, b.xmin AS made, a.id FROM item a JOIN item b ON b.id = a.value AND a.id > 3;
SELECT count(*) FROM joined j JOIN seen s USING (place, id);
-- What was seen names the row again, with its key.
DO $$
DECLARE
    row seen;
BEGIN
    FOR row IN SELECT * FROM seen WHERE id < 4 LOOP
        UPDATE item SET value = 100 WHERE id = row.id AND ctid = row.place AND xmin = row.made;
    END LOOP;
END
$$;
SELECT id, value FROM item WHERE value = 100 ORDER BY id;

-- Over several shards they mean nothing to each other.
SELECT id FROM item WHERE ctid = '(0,1)';
SELECT ctid, count(*) FROM item GROUP BY 1;
SELECT id FROM item ORDER BY ctid;
SELECT * FROM item WHERE (ctid, id) IN (SELECT ctid, id FROM item);
SELECT cmin FROM item;
SELECT ctid FROM item WHERE random() > 2;
DELETE FROM item WHERE ctid IN (SELECT ctid FROM item LIMIT 2);

-- Samples are taken by the shards.
SELECT count(*) FROM item TABLESAMPLE BERNOULLI (100);
SELECT count(*) FROM item TABLESAMPLE SYSTEM (0);
SELECT count(*) BETWEEN 1 AND 19 AS some FROM item TABLESAMPLE BERNOULLI (50) REPEATABLE (1);
SELECT (SELECT sum(id) FROM item TABLESAMPLE BERNOULLI (40) REPEATABLE (7)) =
       (SELECT sum(id) FROM item TABLESAMPLE BERNOULLI (40) REPEATABLE (7)) AS same;
SELECT count(*) FROM item a TABLESAMPLE BERNOULLI (100) JOIN item b TABLESAMPLE SYSTEM (100) USING (id);
SELECT value FROM item TABLESAMPLE BERNOULLI (100) WHERE id = 5;
PREPARE sample (float4, int) AS SELECT count(*) FROM item TABLESAMPLE BERNOULLI ($1) REPEATABLE ($2);
EXECUTE sample (100, 1);
EXECUTE sample (0, 1);
SELECT count(*) FROM item TABLESAMPLE BERNOULLI (random() * 0);
UPDATE item SET value = -1 WHERE id IN (SELECT id FROM item TABLESAMPLE BERNOULLI (100) WHERE id > 18) RETURNING id > 18 AS yes;

SET client_min_messages = warning;
DROP SCHEMA planner_system_columns CASCADE;
