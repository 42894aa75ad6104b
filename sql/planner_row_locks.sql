-- Shards lock rows while they read if every row read is locked; else PostgreSQL locks them one by one, as the rows are asked for.
CREATE SCHEMA planner_row_locks;
SET search_path = planner_row_locks;
CREATE TABLE item (id int PRIMARY KEY, value int);
CREATE TABLE part (item_id int, id int, PRIMARY KEY (item_id, id));
CREATE TABLE other (id int PRIMARY KEY, value int);
CREATE TABLE kind (value int PRIMARY KEY, name text);
SELECT herd.create_distributed_table('item', 'id', shard_count => 4);
SELECT herd.create_distributed_table('part', 'item_id', colocate_with => 'item');
SELECT herd.create_distributed_table('other', 'id', shard_count => 2, colocate_with => 'none');
SELECT herd.create_reference_table('kind');
INSERT INTO item SELECT g, g % 3 FROM generate_series(1, 9) g;
INSERT INTO part SELECT g, g FROM generate_series(1, 9) g;
INSERT INTO kind VALUES (0, 'zero'), (1, 'one');

CREATE FUNCTION plan_of(statement text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || statement LOOP
        CONTINUE WHEN line !~ '->|Task|^[A-Z]' OR line ~ 'Node:|(Scan|Only) on';
        RETURN NEXT regexp_replace(line, 'herd_\d+_\d+', 'herd_N', 'g');
        EXIT WHEN line ~ 'Task';
    END LOOP;
END
$$;

SELECT plan_of('SELECT * FROM item WHERE value = 1 ORDER BY id FOR UPDATE NOWAIT');
SELECT plan_of('SELECT p.id FROM item i JOIN part p ON p.item_id = i.id FOR SHARE OF p SKIP LOCKED');
SELECT plan_of('SELECT id, name FROM item JOIN kind USING (value) FOR NO KEY UPDATE OF item');
SELECT plan_of('SELECT id, random() FROM item FOR KEY SHARE');
-- Not all rows are asked for.
SELECT plan_of('SELECT * FROM item ORDER BY id LIMIT 2 FOR UPDATE');
SELECT plan_of('SELECT * FROM (SELECT * FROM item FOR UPDATE) i LIMIT 2');
-- Not all rows that are read are locked.
SELECT plan_of('SELECT * FROM item WHERE random() > 2 FOR UPDATE');
-- Rows of reference tables are locked in the coordinator's copy.
SELECT plan_of('SELECT id, name FROM item JOIN kind USING (value) FOR UPDATE');

SELECT id, value FROM item ORDER BY value, id LIMIT 3 FOR UPDATE;
SELECT i.id, k.name FROM item i JOIN kind k USING (value) ORDER BY i.id FOR UPDATE;

-- The same for rows that are written, which are locked ahead.
SELECT plan_of('UPDATE item i SET value = o.value FROM other o WHERE o.id = i.value');
SELECT plan_of('WITH gone AS (DELETE FROM item RETURNING id) SELECT count(*) FROM gone');

-- A place is nothing for users.
SELECT ctid, id FROM item ORDER BY id LIMIT 1 FOR UPDATE;

SET client_min_messages = warning;
DROP SCHEMA planner_row_locks CASCADE;
