-- Errors show keys and rows to users who may read the table, and hide them from others, as on plain tables.
CREATE SCHEMA error_details;
SET search_path = error_details;
CREATE TABLE parent (id int PRIMARY KEY, v int CHECK (v > 0), w text NOT NULL DEFAULT 'x');
CREATE TABLE child (id int REFERENCES parent, n int);
CREATE TABLE copied (id int PRIMARY KEY, v int CHECK (v > 0));
SELECT herd.create_distributed_table('parent', 'id', 4);
SELECT herd.create_distributed_table('child', 'id', 4, 'parent');
SELECT herd.create_reference_table('copied');
INSERT INTO parent VALUES (1, 1, 'a');
INSERT INTO child VALUES (1, 1);
INSERT INTO copied VALUES (1, 1);
CREATE ROLE herd_detail_reader;
CREATE ROLE herd_detail_writer;
GRANT USAGE ON SCHEMA error_details TO herd_detail_reader, herd_detail_writer;
GRANT ALL ON parent, child, copied TO herd_detail_reader;
GRANT INSERT, DELETE ON parent, copied TO herd_detail_writer;
\set SHOW_CONTEXT never

SET ROLE herd_detail_reader;
INSERT INTO parent VALUES (1, 2, 'b');
INSERT INTO parent VALUES (2, -2, 'b');
INSERT INTO parent VALUES (1, 2, 'b'), (3, 3, 'c');
INSERT INTO parent VALUES (5, 5, NULL);
INSERT INTO child VALUES (77, 1);
DELETE FROM parent WHERE id = 1;
DELETE FROM parent;
INSERT INTO copied VALUES (1, 1);
UPDATE copied SET v = -1;

SET ROLE herd_detail_writer;
INSERT INTO parent VALUES (1, 2, 'b');
INSERT INTO copied VALUES (1, 1);
DELETE FROM parent;

RESET ROLE;
DROP SCHEMA error_details CASCADE;
DROP ROLE herd_detail_reader, herd_detail_writer;
