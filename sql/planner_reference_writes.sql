-- Writes of reference tables change every copy alike, or are refused.
CREATE TABLE rate (id int PRIMARY KEY, v int, f float8);
CREATE TABLE source (id int PRIMARY KEY, k int, v int);
SELECT herd.create_reference_table('rate'), herd.create_reference_table('source');
INSERT INTO rate SELECT g, g, g FROM generate_series(1, 5) g;
INSERT INTO source SELECT g, g % 3, g FROM generate_series(1, 5) g;

-- A row of the target meets one row of the other table at most.
UPDATE rate SET v = s.v * 10 FROM source s WHERE s.id = rate.id;
UPDATE rate SET v = (SELECT max(v) FROM source WHERE k = rate.id);
UPDATE rate SET v = (SELECT sum(v) FROM source);
DELETE FROM rate USING source s WHERE s.k = rate.id;

-- What depends on the order of rows.
UPDATE rate SET v = s.v FROM source s WHERE s.k = rate.id;
UPDATE rate SET v = s.v FROM source s JOIN source t ON s.id = t.id WHERE s.id = rate.id;
UPDATE rate SET v = (SELECT v FROM source LIMIT 1);
UPDATE rate SET f = (SELECT sum(f) FROM rate);
DELETE FROM rate WHERE id IN (SELECT DISTINCT ON (k) id FROM source);
UPDATE rate SET v = (SELECT max(n) FROM (SELECT row_number() OVER () AS n FROM source) s);
UPDATE rate SET f = random();

-- Rows to insert are computed once.
INSERT INTO rate SELECT 10 + id, (SELECT v FROM source ORDER BY id LIMIT 1), random() FROM source;
INSERT INTO rate SELECT DISTINCT ON (k) 20 + k, 7, random() FROM source;
INSERT INTO rate VALUES (100, (SELECT max(id) FROM source), random()) RETURNING id, v;

BEGIN ISOLATION LEVEL REPEATABLE READ;
UPDATE rate SET v = 1 WHERE id = 12;
UPDATE rate SET v = (SELECT max(v) FROM source);
ROLLBACK;

-- The locks are taken again where a plan is kept, before its snapshot.
SET plan_cache_mode = force_generic_plan;
PREPARE change AS UPDATE rate SET v = v + $1;
EXECUTE change (1);
BEGIN;
EXECUTE change (1);
SELECT mode FROM pg_locks JOIN pg_class c ON c.oid = relation
WHERE relname = 'rate' AND locktype = 'relation' AND pid = pg_backend_pid() AND mode = 'ShareRowExclusiveLock';
ROLLBACK;
SELECT * FROM (SELECT id, v FROM rate) r ORDER BY id;
SELECT DISTINCT row_count, agrees FROM herd.check_reference_table('rate');
DEALLOCATE change;
RESET plan_cache_mode;
DROP TABLE rate, source;
