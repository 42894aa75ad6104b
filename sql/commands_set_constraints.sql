-- SET CONSTRAINTS reaches the shards, for all constraints and for named ones.
CREATE SCHEMA set_constraints;
SET search_path = set_constraints;
CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE entry (
    account_id int CONSTRAINT entry_account_fkey REFERENCES account DEFERRABLE INITIALLY DEFERRED,
    number int,
    CONSTRAINT entry_number_key UNIQUE (account_id, number) DEFERRABLE INITIALLY IMMEDIATE
);
SELECT herd.create_distributed_table('account', 'id', 4);
SELECT herd.create_distributed_table('entry', 'account_id', 4, 'account');
INSERT INTO account VALUES (1), (2);
\set VERBOSITY terse

-- deferred as declared: the account may come later
BEGIN;
INSERT INTO entry VALUES (3, 1);
INSERT INTO account VALUES (3);
COMMIT;

-- immediate from here on
BEGIN;
SET CONSTRAINTS ALL IMMEDIATE;
INSERT INTO entry VALUES (4, 1);
ROLLBACK;
BEGIN;
SET CONSTRAINTS entry_account_fkey IMMEDIATE;
INSERT INTO entry VALUES (4, 1);
ROLLBACK;

-- what is waiting is checked when a constraint becomes immediate
BEGIN;
INSERT INTO entry VALUES (4, 1);
SET CONSTRAINTS ALL IMMEDIATE;
ROLLBACK;

-- deferred: numbers may meet for a while
BEGIN;
SET CONSTRAINTS set_constraints.entry_number_key DEFERRED;
INSERT INTO entry VALUES (1, 1), (1, 2);
UPDATE entry SET number = 2 WHERE account_id = 1 AND number = 1;
UPDATE entry SET number = number + 1 WHERE account_id = 1;
DELETE FROM entry WHERE ctid IN (SELECT ctid FROM entry WHERE account_id = 1 LIMIT 1) AND account_id = 1;
COMMIT;
SELECT * FROM entry ORDER BY 1, 2;

-- the next transaction starts with what was declared
BEGIN;
INSERT INTO entry VALUES (1, 3);
ROLLBACK;

-- rows of the coordinator's own are checked at its commit: copies of reference tables, and shards
CREATE TABLE region (code text PRIMARY KEY, part_of text REFERENCES region DEFERRABLE INITIALLY DEFERRED);
SELECT herd.create_reference_table('region');
BEGIN;
INSERT INTO region VALUES ('se', 'eu');
INSERT INTO region VALUES ('eu', NULL);
COMMIT;
INSERT INTO region VALUES ('dk', 'nordic');
DELETE FROM region WHERE code = 'eu';
SELECT herd.set_node_holds_shards('coordinator', true);
SELECT herd.set_node_holds_shards(name, false) FROM herd.nodes WHERE name <> 'coordinator';
CREATE TABLE town (
    id int PRIMARY KEY,
    region text REFERENCES region DEFERRABLE INITIALLY DEFERRED
);
SELECT herd.create_distributed_table('town', 'id', 4, 'none');
SELECT herd.set_node_holds_shards(name, name <> 'coordinator') FROM herd.nodes ORDER BY name;
BEGIN;
INSERT INTO town VALUES (1, 'no'), (2, 'se');
INSERT INTO region VALUES ('no', NULL);
COMMIT;
INSERT INTO town VALUES (3, 'nowhere');
INSERT INTO town SELECT i, 'nowhere' FROM generate_series(4, 9) i;
INSERT INTO town SELECT i, 'se' FROM generate_series(4, 9) i;
BEGIN;
INSERT INTO town VALUES (10, 'nowhere');
SET CONSTRAINTS ALL IMMEDIATE;
ROLLBACK;
BEGIN;
SET CONSTRAINTS town_region_fkey IMMEDIATE;
INSERT INTO town VALUES (11, 'nowhere');
ROLLBACK;
SELECT count(*) FROM town;

DROP SCHEMA set_constraints CASCADE;
