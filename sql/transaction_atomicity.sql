-- One transaction over nodes, reference tables, COPY and local tables: all of it or nothing, at any depth of savepoints.
CREATE SCHEMA transaction_atomicity;
SET search_path = transaction_atomicity;
SET herd.shard_count = 4;
\set SHOW_CONTEXT never
CREATE TABLE accounts (id int PRIMARY KEY, amount int CHECK (amount >= 0));
CREATE TABLE entries (account int REFERENCES accounts DEFERRABLE INITIALLY DEFERRED, id int, amount int);
CREATE TABLE rates (code text PRIMARY KEY, rate int);
CREATE TABLE plain (id int PRIMARY KEY, note text);
SELECT herd.create_distributed_table('accounts', 'id'), herd.create_distributed_table('entries', 'account'),
       herd.create_reference_table('rates');
INSERT INTO accounts SELECT i, 100 FROM generate_series(1, 20) i;
INSERT INTO rates VALUES ('a', 1);
CREATE FUNCTION state() RETURNS text LANGUAGE sql AS $$
    SELECT format('accounts %s/%s entries %s rates %s plain %s', (SELECT count(*) FROM accounts),
                  (SELECT sum(amount) FROM accounts), (SELECT count(*) FROM entries),
                  (SELECT string_agg(code || rate, ' ' ORDER BY code) FROM rates), (SELECT count(*) FROM plain)) $$;
SELECT state();
\set QUIET off

-- Everything in one transaction, undone and committed.
BEGIN;
INSERT INTO plain VALUES (1, 'one');
INSERT INTO rates VALUES ('b', 2);
UPDATE accounts SET amount = amount - 1;
COPY entries FROM STDIN;
1	1	10
2	2	20
3	3	30
\.
SELECT state();
ROLLBACK;
SELECT state();
BEGIN;
INSERT INTO plain VALUES (1, 'one');
INSERT INTO rates VALUES ('b', 2);
UPDATE accounts SET amount = amount - 1;
COPY entries FROM STDIN;
1	1	10
2	2	20
3	3	30
\.
COMMIT;
SELECT state();
-- An error at the end, of a node, of COPY, of the coordinator.
BEGIN;
UPDATE accounts SET amount = amount + 1;
INSERT INTO plain VALUES (2, 'two');
INSERT INTO accounts VALUES (20, 0);
SELECT state();
COMMIT;
SELECT state();
BEGIN;
UPDATE rates SET rate = 100;
COPY entries FROM STDIN;
4	4	40
5	wrong	50
\.
COMMIT;
SELECT state();
BEGIN;
UPDATE rates SET rate = 100;
DELETE FROM entries;
SELECT 1 / 0;
ROLLBACK;
SELECT state();

-- Savepoints at depth: what each level wrote goes when it is undone, wherever it is.
BEGIN;
INSERT INTO accounts VALUES (101, 1);
SAVEPOINT one;
INSERT INTO accounts VALUES (102, 2), (103, 3);
UPDATE rates SET rate = rate + 10;
SAVEPOINT two;
DELETE FROM accounts WHERE id > 100;
INSERT INTO plain VALUES (3, 'three');
SAVEPOINT three;
UPDATE accounts SET amount = amount + 1000;
INSERT INTO rates VALUES ('c', 3);
SELECT state();
ROLLBACK TO three;
SELECT state();
RELEASE three;
ROLLBACK TO two;
SELECT state();
SAVEPOINT three;
INSERT INTO accounts VALUES (104, 4);
SAVEPOINT four;
INSERT INTO accounts VALUES (104, 4);
ROLLBACK TO four;
INSERT INTO accounts VALUES (105, 5);
RELEASE three;
SELECT state();
ROLLBACK TO one;
SELECT state();
INSERT INTO accounts VALUES (106, 6);
COMMIT;
SELECT state();
SELECT id FROM accounts WHERE id > 100 ORDER BY id;
DELETE FROM accounts WHERE id > 100;
-- The same savepoint name twice, and undone twice.
BEGIN;
SAVEPOINT s;
UPDATE accounts SET amount = 0 WHERE id = 1;
SAVEPOINT s;
UPDATE accounts SET amount = 0 WHERE id = 2;
ROLLBACK TO s;
ROLLBACK TO s;
SELECT sum(amount) FROM accounts WHERE id IN (1, 2);
RELEASE s;
ROLLBACK TO s;
SELECT sum(amount) FROM accounts WHERE id IN (1, 2);
COMMIT;
-- A savepoint begun before a node is first used, undone after.
BEGIN;
INSERT INTO plain VALUES (4, 'four');
SAVEPOINT s;
SAVEPOINT t;
UPDATE accounts SET amount = amount + 1 WHERE id = 7;
RELEASE t;
ROLLBACK TO s;
UPDATE accounts SET amount = amount + 2 WHERE id = 8;
COMMIT;
SELECT amount FROM accounts WHERE id IN (7, 8) ORDER BY id;
SELECT state();

-- Exception blocks, nested; each undoes its own part only.
DO $$
BEGIN
    UPDATE accounts SET amount = amount + 5 WHERE id = 1;
    BEGIN
        UPDATE accounts SET amount = amount + 5 WHERE id = 2;
        INSERT INTO plain VALUES (5, 'five');
        BEGIN
            UPDATE accounts SET amount = -1;
        EXCEPTION WHEN check_violation THEN
            INSERT INTO entries VALUES (1, 10, 1);
        END;
        INSERT INTO entries VALUES (2, 11, 1);
        RAISE EXCEPTION 'undo the second';
    EXCEPTION WHEN raise_exception THEN
        INSERT INTO entries VALUES (3, 12, 1);
    END;
END $$;
SELECT id, amount FROM accounts WHERE id IN (1, 2) ORDER BY id;
SELECT account, id FROM entries WHERE id >= 10 ORDER BY id;
SELECT state();
CREATE PROCEDURE transfers() LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..6 LOOP
        UPDATE accounts SET amount = amount - 10 WHERE id = i;
        UPDATE accounts SET amount = amount + 10 WHERE id = i + 10;
        IF i % 3 = 0 THEN ROLLBACK; ELSE COMMIT; END IF;
    END LOOP;
END $$;
CALL transfers();
SELECT id, amount FROM accounts WHERE id BETWEEN 1 AND 6 OR id BETWEEN 11 AND 16 ORDER BY id;
SELECT state();

-- Deferred constraints of the shards are checked before anything is committed.
BEGIN;
INSERT INTO entries VALUES (500, 1, 1);
INSERT INTO plain VALUES (6, 'six');
UPDATE accounts SET amount = amount + 1;
COMMIT;
SELECT state();
BEGIN;
INSERT INTO entries VALUES (500, 1, 1);
INSERT INTO accounts VALUES (500, 1);
COMMIT;
SELECT state();
BEGIN;
INSERT INTO entries VALUES (501, 1, 1);
COMMIT;
INSERT INTO entries VALUES (501, 1, 1);
SELECT state();

-- SET CONSTRAINTS, before and after a node is first used, and undone with its savepoint.
BEGIN;
SET CONSTRAINTS ALL IMMEDIATE;
INSERT INTO entries VALUES (501, 1, 1);
ROLLBACK;
BEGIN;
INSERT INTO entries VALUES (501, 1, 1);
SET CONSTRAINTS entries_account_fkey IMMEDIATE;
ROLLBACK;
BEGIN;
UPDATE accounts SET amount = amount WHERE id = 1;
SAVEPOINT a;
SET CONSTRAINTS ALL IMMEDIATE;
INSERT INTO entries VALUES (501, 1, 1);
ROLLBACK TO a;
INSERT INTO entries VALUES (501, 1, 1), (502, 1, 1), (503, 1, 1);
INSERT INTO accounts VALUES (501, 1), (502, 1), (503, 1);
COMMIT;
SELECT state();
INSERT INTO entries VALUES (504, 1, 1);
DO $$
BEGIN
    INSERT INTO entries VALUES (505, 1, 1);
    SET CONSTRAINTS ALL IMMEDIATE;
    INSERT INTO accounts VALUES (505, 1);
END $$;

-- PREPARE TRANSACTION of a transaction that only read.
BEGIN;
SELECT count(*) FROM accounts;
PREPARE TRANSACTION 'transaction_atomicity';
ROLLBACK PREPARED 'transaction_atomicity';
-- AND CHAIN, read-only, and transactions that did nothing.
BEGIN;
UPDATE accounts SET amount = amount + 1 WHERE id IN (1, 2);
COMMIT AND CHAIN;
UPDATE accounts SET amount = amount + 1 WHERE id IN (1, 2);
ROLLBACK AND CHAIN;
UPDATE accounts SET amount = amount + 1 WHERE id IN (1, 2, 3);
COMMIT;
BEGIN READ ONLY;
SELECT count(*) FROM accounts;
INSERT INTO accounts VALUES (600, 1), (601, 1);
COMMIT;
BEGIN;
UPDATE accounts SET amount = 0 WHERE false;
DELETE FROM accounts WHERE id = 999;
COMMIT;
SELECT state();
SELECT herd.recover_transactions();
-- A session that has just ended may still be removing its own.
DO $$
BEGIN
    FOR i IN 1..100 LOOP
        EXIT WHEN NOT EXISTS (SELECT FROM herd.transaction);
        PERFORM pg_sleep(0.05);
    END LOOP;
END $$;
SELECT count(*) FROM herd.transaction;
SET client_min_messages = warning;
DROP SCHEMA transaction_atomicity CASCADE;
