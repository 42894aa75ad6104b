-- What a transaction writes on several nodes commits or aborts together; errors look as those of a plain table.
CREATE SCHEMA transaction_commit;
SET search_path = transaction_commit;
CREATE TABLE account (id int PRIMARY KEY, amount int NOT NULL CHECK (amount >= 0), owner text);
CREATE TABLE account_local (id int PRIMARY KEY, amount int);
SELECT herd.create_distributed_table('account', 'id', 8);

-- all rows at once: several nodes
INSERT INTO account SELECT id, 100, 'o' || id FROM generate_series(1, 40) id;
SELECT count(*), sum(amount) FROM account;

BEGIN;
UPDATE account SET amount = amount - 30 WHERE id = 1;
UPDATE account SET amount = amount + 30 WHERE id = 2;
UPDATE account SET amount = amount + 0 WHERE id = 3;
INSERT INTO account_local VALUES (1, 30);
SELECT sum(amount) FROM account;
COMMIT;
SELECT id, amount FROM account WHERE id <= 3 ORDER BY id;
TABLE account_local;

BEGIN;
UPDATE account SET amount = amount * 2;
DELETE FROM account WHERE id > 20;
INSERT INTO account_local VALUES (2, 30);
SELECT count(*), sum(amount) FROM account;
ROLLBACK;
SELECT count(*), sum(amount) FROM account;
TABLE account_local;

-- an error undoes all nodes
\set VERBOSITY verbose
\set SHOW_CONTEXT never
BEGIN;
UPDATE account SET amount = amount - 10;
UPDATE account SET amount = amount - 1000 WHERE id = 5;
\echo :LAST_ERROR_SQLSTATE
SELECT 1;
\echo :LAST_ERROR_SQLSTATE
COMMIT;
\set VERBOSITY default
SELECT count(*), sum(amount) FROM account;

-- deferred work of the coordinator that fails at commit
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE child (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
BEGIN;
UPDATE account SET amount = amount + 1;
INSERT INTO child VALUES (1);
COMMIT;
SELECT count(*), sum(amount) FROM account;

-- isolation levels
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT sum(amount) FROM account;
UPDATE account SET amount = amount + 1 WHERE id <= 4;
SELECT sum(amount) FROM account;
COMMIT;
BEGIN READ ONLY;
SELECT sum(amount) FROM account;
UPDATE account SET amount = 0;
ROLLBACK;

-- a serializable transaction stays on one node, unless told otherwise
BEGIN ISOLATION LEVEL SERIALIZABLE;
UPDATE account SET amount = amount + 1 WHERE id = 1;
SELECT sum(amount) FROM account WHERE id = 1;
COMMIT;
BEGIN ISOLATION LEVEL SERIALIZABLE;
\set VERBOSITY sqlstate
SELECT sum(amount) FROM account;
ROLLBACK;
\set VERBOSITY default
BEGIN ISOLATION LEVEL SERIALIZABLE;
SET LOCAL herd.allow_weak_serializable = on;
SELECT sum(amount) FROM account;
COMMIT;

-- nothing is left
SELECT herd.recover_transactions();
SELECT count(*) FROM herd.transaction;
SET client_min_messages = warning;
DROP SCHEMA transaction_commit CASCADE;
