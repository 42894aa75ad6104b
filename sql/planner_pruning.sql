-- Which shards a read or write visits: the values of the key may be told by =, IN, ANY, OR and IS NULL.
CREATE SCHEMA planner_pruning;
SET search_path = planner_pruning;
CREATE TABLE item (id int, value int);
SELECT herd.create_distributed_table('item', 'id', shard_count => 16);
INSERT INTO item SELECT g, g % 10 FROM generate_series(1, 100) g;
INSERT INTO item VALUES (NULL, 0);

CREATE FUNCTION shards_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || statement LOOP
        IF line ~ 'Shards:' THEN RETURN trim(line); END IF;
    END LOOP;
END
$$;

SELECT shards_of('SELECT * FROM item WHERE id IN (1, 2)');
SELECT shards_of('SELECT * FROM item WHERE id = 1 OR id = 2');
SELECT shards_of('SELECT * FROM item WHERE id = 1 OR id IN (2, 3) AND value = 1 OR (id = 4 AND value > id)');
SELECT shards_of('SELECT * FROM item WHERE (id = 1 OR id = 2) AND value = 3');
SELECT shards_of('SELECT * FROM item WHERE id = 1 OR value = 2');
SELECT shards_of('SELECT * FROM item WHERE id = 1 OR id IS NULL');
SELECT shards_of('SELECT * FROM item WHERE id IS NULL AND value < 5');
SELECT shards_of('SELECT * FROM item WHERE id = 1 OR id = 2 FOR UPDATE');
SELECT shards_of('UPDATE item SET value = 1 WHERE id = 1 OR id = 2');
SELECT shards_of('UPDATE item SET value = 1 WHERE id = ANY (ARRAY[1, 2, NULL])');
SELECT shards_of('DELETE FROM item WHERE id IS NULL AND random() < 2');
SELECT shards_of('UPDATE item SET value = random() WHERE id = 1 OR id = 2 AND value = 7');
UPDATE item SET value = 77 WHERE id = 1 OR id = 2 OR id IS NULL RETURNING *;
PREPARE p (int, int) AS SELECT id FROM item WHERE id = $1 OR id = $2 ORDER BY 1;
EXECUTE p (1, 2);
EXECUTE p (3, NULL);

SET client_min_messages = warning;
DROP SCHEMA planner_pruning CASCADE;
