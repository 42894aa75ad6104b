-- Savepoints and PL/pgSQL's exception blocks undo on the nodes what they undo here.
CREATE SCHEMA transaction_savepoints;
SET search_path = transaction_savepoints;
\set SHOW_CONTEXT never
CREATE TABLE item (id int PRIMARY KEY, v text);
SELECT herd.create_distributed_table('item', 'id', 8);

BEGIN;
INSERT INTO item VALUES (1, 'kept');
SAVEPOINT a;
INSERT INTO item VALUES (2, 'undone');
SAVEPOINT b;
INSERT INTO item SELECT id, 'undone' FROM generate_series(10, 30) id;
ROLLBACK TO b;
SELECT * FROM item ORDER BY id;
INSERT INTO item VALUES (3, 'undone');
ROLLBACK TO a;
SELECT * FROM item ORDER BY id;
INSERT INTO item VALUES (2, 'kept');
RELEASE a;
SAVEPOINT a;
SAVEPOINT b;
INSERT INTO item VALUES (3, 'kept');
RELEASE b;
INSERT INTO item VALUES (4, 'kept');
COMMIT;
SELECT * FROM item ORDER BY id;

-- after an error of a node
BEGIN;
INSERT INTO item VALUES (5, 'kept');
SAVEPOINT a;
INSERT INTO item VALUES (1, 'duplicate');
INSERT INTO item VALUES (6, 'refused');
ROLLBACK TO a;
INSERT INTO item VALUES (6, 'kept');
COMMIT;
SELECT * FROM item ORDER BY id;

-- the whole transaction begins inside a savepoint
BEGIN;
SAVEPOINT a;
INSERT INTO item VALUES (7, 'undone');
ROLLBACK TO a;
SELECT count(*) FROM item;
COMMIT;
BEGIN;
SAVEPOINT a;
SAVEPOINT b;
INSERT INTO item VALUES (7, 'kept');
RELEASE a;
COMMIT;
SELECT * FROM item WHERE id = 7;

-- exception blocks, many of them in one transaction
DO $$
DECLARE
    skipped int := 0;
BEGIN
    FOR i IN 1..60 LOOP
        BEGIN
            INSERT INTO item VALUES (i, 'loop');
            IF i % 10 = 0 THEN RAISE division_by_zero; END IF;
        EXCEPTION WHEN unique_violation OR division_by_zero THEN skipped := skipped + 1;
        END;
    END LOOP;
    RAISE NOTICE 'skipped %', skipped;
END $$;
SELECT v, count(*), min(id), max(id) FROM item GROUP BY v ORDER BY v;

-- an open cursor keeps its rows while a savepoint is undone and other statements use its connections
DO $$
DECLARE
    c CURSOR FOR SELECT id FROM item WHERE v = 'kept';
    found_ids int[];
    found_id int;
BEGIN
    OPEN c;
    FETCH c INTO found_id;
    found_ids := ARRAY[found_id];
    BEGIN
        UPDATE item SET v = 'changed';
        INSERT INTO item VALUES (1, 'duplicate');
    EXCEPTION WHEN unique_violation THEN RAISE NOTICE 'undone';
    END;
    DELETE FROM item WHERE id = 59;
    LOOP
        FETCH c INTO found_id;
        EXIT WHEN NOT FOUND;
        found_ids := found_ids || found_id;
    END LOOP;
    RAISE NOTICE '%', (SELECT array_agg(id ORDER BY id) FROM unnest(found_ids) id);
END $$;

-- settings that are set in what is undone
SET timezone = 'UTC';
CREATE TABLE event (id int PRIMARY KEY, at timestamptz);
SELECT herd.create_distributed_table('event', 'id', 4);
INSERT INTO event VALUES (1, '2020-01-01 00:30+00');
BEGIN;
UPDATE event SET at = at;
SAVEPOINT a;
SET LOCAL timezone = 'America/New_York';
SELECT id FROM event WHERE at::date = '2019-12-31';
ROLLBACK TO a;
SELECT id FROM event WHERE at::date = '2019-12-31';
SELECT id FROM event WHERE at::date = '2020-01-01';
COMMIT;

SELECT herd.recover_transactions();
SET client_min_messages = warning;
DROP SCHEMA transaction_savepoints CASCADE;
