-- PREPARE TRANSACTION by the user: the nodes' parts share its fate, whoever ends it.
CREATE SCHEMA transaction_prepared;
SET search_path = transaction_prepared;
CREATE TABLE account (id int PRIMARY KEY, amount int);
CREATE TABLE journal (id int);
SELECT herd.create_distributed_table('account', 'id', 8);
INSERT INTO account SELECT id, 100 FROM generate_series(1, 20) id;

-- over several nodes, with the coordinator's own table
BEGIN;
UPDATE account SET amount = amount + 1;
INSERT INTO journal VALUES (1);
PREPARE TRANSACTION 'transaction_prepared_1';
SELECT sum(amount), (SELECT count(*) FROM journal) FROM account;
SELECT node, state, is_own FROM herd.transactions ORDER BY node;
-- it runs still, so this leaves it alone
SELECT herd.recover_transactions();
COMMIT PREPARED 'transaction_prepared_1';
SELECT sum(amount), (SELECT count(*) FROM journal) FROM account;

BEGIN;
UPDATE account SET amount = amount + 1;
INSERT INTO journal VALUES (1);
PREPARE TRANSACTION 'transaction_prepared_1';
ROLLBACK PREPARED 'transaction_prepared_1';
SELECT sum(amount), (SELECT count(*) FROM journal) FROM account;
-- rows that it had locked are free again
UPDATE account SET amount = amount + 1;

-- one node; savepoints
BEGIN;
UPDATE account SET amount = 0 WHERE id = 1;
SAVEPOINT s;
UPDATE account SET amount = 0 WHERE id = 2;
ROLLBACK TO s;
PREPARE TRANSACTION 'transaction_prepared_2';
COMMIT PREPARED 'transaction_prepared_2';
SELECT id, amount FROM account WHERE id <= 2 ORDER BY id;

-- two at a time; a name that is taken
BEGIN;
UPDATE account SET amount = 10 WHERE id IN (1, 2, 3);
PREPARE TRANSACTION 'transaction_prepared_3';
BEGIN;
UPDATE account SET amount = 20 WHERE id IN (4, 5, 6);
PREPARE TRANSACTION 'transaction_prepared_4';
BEGIN;
UPDATE account SET amount = 30 WHERE id IN (7, 8, 9);
PREPARE TRANSACTION 'transaction_prepared_4';
ROLLBACK PREPARED 'transaction_prepared_3';
COMMIT PREPARED 'transaction_prepared_4';
SELECT id, amount FROM account WHERE id < 10 ORDER BY id;
COMMIT PREPARED 'transaction_prepared_3';
BEGIN;
COMMIT PREPARED 'transaction_prepared_3';
ROLLBACK;

-- what PostgreSQL refuses
CREATE TEMP TABLE scratch (id int);
BEGIN;
UPDATE account SET amount = 0;
INSERT INTO scratch VALUES (1);
PREPARE TRANSACTION 'transaction_prepared_5';
BEGIN;
UPDATE account SET amount = 0;
NOTIFY transaction_prepared;
PREPARE TRANSACTION 'transaction_prepared_5';
BEGIN;
UPDATE account SET amount = 0;
DECLARE c CURSOR WITH HOLD FOR SELECT * FROM account;
PREPARE TRANSACTION 'transaction_prepared_5';
-- deferred constraints are checked before
CREATE TABLE child (id int, parent int, PRIMARY KEY (id));
SELECT herd.create_distributed_table('child', 'id', colocate_with => 'account');
ALTER TABLE child ADD CONSTRAINT child_fkey FOREIGN KEY (id) REFERENCES account DEFERRABLE INITIALLY DEFERRED;
BEGIN;
UPDATE account SET amount = 0;
INSERT INTO child VALUES (99, 1);
PREPARE TRANSACTION 'transaction_prepared_5';
SELECT sum(amount) FROM account;

-- nothing is left, not even until the background worker looks
SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database();
DROP TABLE child, account;
SELECT count(*) > 0 AS gone FROM (SELECT pg_sleep(0.1), herd.recover_transactions()) AS recovery;
SELECT count(*) FROM herd.transaction;
SET client_min_messages = warning;
DROP SCHEMA transaction_prepared CASCADE;
