-- Cursors over shards: they keep their rows whatever runs between two FETCHes, and may be left unfinished.
CREATE SCHEMA executor_cursors;
SET search_path = executor_cursors;
SET herd.shard_count = 4;
\set SHOW_CONTEXT never
CREATE TABLE items (id int PRIMARY KEY, v int, filler text);
CREATE TABLE log (id int, note text);
SELECT herd.create_distributed_table('items', 'id'), herd.create_distributed_table('log', 'id');
INSERT INTO items SELECT i, i, repeat('x', 100) FROM generate_series(1, 2000) i;

\set QUIET off

-- Forward, backward, absolute; a scroll cursor over a router and over an ordered gather.
BEGIN;
DECLARE one SCROLL CURSOR FOR SELECT id, v FROM items WHERE id = 5;
DECLARE c SCROLL CURSOR FOR SELECT id FROM items WHERE id <= 20 ORDER BY id;
FETCH 3 FROM c;
FETCH NEXT FROM one;
FETCH BACKWARD 2 FROM c;
FETCH LAST FROM c;
FETCH FIRST FROM c;
FETCH ABSOLUTE 7 FROM c;
FETCH RELATIVE -2 FROM c;
FETCH PRIOR FROM one;
FETCH NEXT FROM one;
FETCH NEXT FROM one;
MOVE FORWARD ALL FROM c;
FETCH NEXT FROM c;
FETCH BACKWARD 1 FROM c;
FETCH 0 FROM c;
CLOSE c;
DECLARE c NO SCROLL CURSOR FOR SELECT id FROM items WHERE id <= 3 ORDER BY id;
FETCH c;
FETCH BACKWARD FROM c;
ROLLBACK;
-- Without ORDER BY, backward gives the same rows again.
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT id FROM items;
MOVE 1000 FROM c;
MOVE BACKWARD 400 FROM c;
MOVE FORWARD ALL FROM c;
MOVE BACKWARD ALL FROM c;
CLOSE c;
COMMIT;

-- Interleaved with writes of the same transaction: insensitive, like those of plain tables.
BEGIN;
DECLARE c CURSOR FOR SELECT id, v FROM items WHERE id <= 10 ORDER BY id;
UPDATE items SET v = -1 WHERE id <= 10;
FETCH 2 FROM c;
DELETE FROM items WHERE id = 3;
INSERT INTO items VALUES (0, 0);
FETCH 2 FROM c;
DECLARE d CURSOR FOR SELECT id, v FROM items WHERE id <= 10 ORDER BY id;
FETCH 3 FROM d;
UPDATE items SET v = -2 WHERE id <= 10;
FETCH 2 FROM c;
FETCH ALL FROM d;
FETCH ALL FROM c;
ROLLBACK;
SELECT count(*), sum(v) FROM items;
-- Two streaming cursors and other statements on the same connections.
BEGIN;
UPDATE items SET v = v WHERE id = 1;
DECLARE a CURSOR FOR SELECT id FROM items;
DECLARE b CURSOR FOR SELECT v FROM items WHERE v > 500;
MOVE 10 FROM a;
MOVE 10 FROM b;
SELECT count(*) FROM items;
MOVE 10 FROM a;
UPDATE items SET v = v + 10000 WHERE id % 2 = 0;
MOVE 10 FROM b;
SELECT v FROM items WHERE id = 2;
MOVE ALL FROM a;
MOVE ALL FROM b;
ROLLBACK;

-- WITH HOLD outlives its transaction, and changes made after it.
BEGIN;
DECLARE held CURSOR WITH HOLD FOR SELECT id, v FROM items WHERE id <= 4 ORDER BY id;
FETCH held;
COMMIT;
UPDATE items SET v = v + 1 WHERE id <= 4;
FETCH held;
FETCH ALL FROM held;
CLOSE held;
DECLARE held SCROLL CURSOR WITH HOLD FOR SELECT id FROM items;
MOVE 1500 FROM held;
MOVE ALL FROM held;
CLOSE held;
BEGIN;
DECLARE held CURSOR WITH HOLD FOR SELECT 1 / (id - 1500) FROM items;
COMMIT;
FETCH held;
UPDATE items SET v = v - 1 WHERE id <= 4;

-- Left unfinished: by CLOSE, by an error, by ROLLBACK, by LIMIT, by a savepoint.
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM items;
MOVE 5 FROM c;
CLOSE c;
DECLARE c CURSOR FOR SELECT * FROM items;
MOVE 5 FROM c;
SAVEPOINT s;
DECLARE inner_cursor CURSOR FOR SELECT * FROM items;
MOVE 5 FROM inner_cursor;
SELECT 1 / 0;
ROLLBACK TO s;
FETCH inner_cursor;
ROLLBACK TO s;
MOVE ALL FROM c;
UPDATE items SET v = v WHERE id < 100;
COMMIT;
SELECT count(*) FROM (SELECT id FROM items WHERE random() < 2 LIMIT 7) s;
SELECT (SELECT v FROM items WHERE id > 0 AND random() < 2 LIMIT 1) IS NOT NULL;
SELECT EXISTS (SELECT FROM items i, items j WHERE i.id > j.id);
BEGIN;
INSERT INTO log SELECT id, 'first' FROM items LIMIT 3;
SELECT count(*) FROM (SELECT id FROM items WHERE random() < 2 LIMIT 7) s;
INSERT INTO log SELECT id, 'second' FROM items WHERE random() < 2 LIMIT 4;
SELECT note, count(*) FROM log GROUP BY note ORDER BY note;
ROLLBACK;
-- A cursor that fails in the middle.
BEGIN;
DECLARE c CURSOR FOR SELECT 10 / (id - 1500) FROM items ORDER BY id;
MOVE 2000 FROM c;
ROLLBACK;

-- PL/pgSQL: loops over many rows with statements inside, EXIT, cursor variables, nested loops.
CREATE FUNCTION visit(last int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    item record;
    seen int := 0;
    other int;
BEGIN
    FOR item IN SELECT id, v FROM items ORDER BY id LOOP
        EXIT WHEN item.id > last;
        SELECT v INTO other FROM items WHERE id = item.id + 1;
        IF item.id % 50 = 0 THEN
            UPDATE items SET v = 0 WHERE id = item.id;
            INSERT INTO log VALUES (item.id, other);
        END IF;
        seen := seen + 1;
    END LOOP;
    FOR item IN SELECT id FROM items LOOP
        EXIT;
    END LOOP;
    RETURN seen || ' ' || (SELECT count(*) FROM log);
END $$;
SELECT visit(200);
SELECT id, note FROM log ORDER BY id;
CREATE FUNCTION pairs() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    a CURSOR FOR SELECT id FROM items WHERE id <= 30 ORDER BY id;
    b CURSOR (first int) FOR SELECT id FROM items WHERE id BETWEEN first AND first + 2 ORDER BY id;
    pairs bigint := 0;
BEGIN
    FOR x IN a LOOP
        FOR y IN b (x.id) LOOP
            pairs := pairs + 1;
            EXIT WHEN y.id % 7 = 0;
        END LOOP;
    END LOOP;
    RETURN pairs;
END $$;
SELECT pairs();
CREATE FUNCTION open_cursor(name refcursor) RETURNS refcursor LANGUAGE plpgsql AS $$
BEGIN OPEN name FOR SELECT id FROM items ORDER BY id DESC; RETURN name; END $$;
BEGIN;
SELECT open_cursor('given');
FETCH 2 FROM given;
SELECT count(*) FROM pg_cursors WHERE name = 'given';
COMMIT;
-- COMMIT inside a loop over shards.
CREATE PROCEDURE in_steps() LANGUAGE plpgsql AS $$
DECLARE item record;
BEGIN
    FOR item IN SELECT id FROM items WHERE id <= 5 ORDER BY id LOOP
        UPDATE items SET v = -item.id WHERE id = item.id;
        COMMIT;
    END LOOP;
    ROLLBACK;
END $$;
CALL in_steps();
SELECT sum(v) FROM items WHERE id <= 5;

-- Read first in a savepoint that is undone: the cursor goes on where it was, and the writes are gone.
BEGIN;
DECLARE c NO SCROLL CURSOR FOR SELECT 1 FROM items;
SAVEPOINT a;
MOVE 10 FROM c;
UPDATE items SET v = -3;
MOVE 10 FROM c;
ROLLBACK TO a;
MOVE 10 FROM c;
SAVEPOINT b;
MOVE 10 FROM c;
SELECT 1 / 0 FROM items WHERE id = 1;
ROLLBACK TO b;
MOVE 10 FROM c;
DELETE FROM items WHERE id > 500;
SAVEPOINT d;
DECLARE e NO SCROLL CURSOR FOR SELECT 1 FROM items;
RELEASE d;
SAVEPOINT d;
MOVE 10 FROM e;
ROLLBACK TO d;
MOVE ALL FROM e;
MOVE ALL FROM c;
SELECT count(*), min(v) FROM items;
ROLLBACK;
-- Closed long before its end, with and without writes before: the transaction goes on.
BEGIN;
UPDATE items SET v = v + 1 WHERE id = 7;
DECLARE c NO SCROLL CURSOR FOR SELECT a.id FROM items a, items b;
MOVE 5 FROM c;
CLOSE c;
SAVEPOINT a;
UPDATE items SET v = v + 1 WHERE id = 7;
DECLARE c NO SCROLL CURSOR FOR SELECT a.id FROM items a, items b;
MOVE 5 FROM c;
CLOSE c;
ROLLBACK TO a;
SELECT v FROM items WHERE id = 7;
ROLLBACK;
-- A parameter of every row; the subquery's part is as old as the cursor.
BEGIN;
DECLARE c CURSOR FOR SELECT k, (SELECT sum(v) FROM items WHERE id > k) FROM generate_series(1, 3) k;
FETCH 1 FROM c;
UPDATE items SET v = 0;
FETCH 2 FROM c;
ROLLBACK;
-- Held: read to its end at COMMIT, as of its opening.
BEGIN;
DECLARE held CURSOR WITH HOLD FOR SELECT id, v FROM items WHERE id <= 5 ORDER BY id;
UPDATE items SET v = -4 WHERE id <= 5;
FETCH 1 FROM held;
COMMIT;
FETCH ALL FROM held;
CLOSE held;
UPDATE items SET v = id WHERE id <= 5;
SET client_min_messages = warning;
DROP SCHEMA executor_cursors CASCADE;
