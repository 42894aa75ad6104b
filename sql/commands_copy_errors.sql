-- COPY FROM into distributed tables fails as into a plain table, and its errors name the user's table and line.
CREATE SCHEMA commands_copy_errors;
SET search_path = commands_copy_errors;
CREATE TABLE orders (id bigint, n int, note text, total numeric CHECK (total > 0), doubled int GENERATED ALWAYS AS (n * 2) STORED,
                     UNIQUE (id, n));
SELECT herd.create_distributed_table('orders', 'id', shard_count => 8);
CREATE TABLE country (code char(2) PRIMARY KEY, name text NOT NULL);
INSERT INTO country VALUES ('DE', 'Germany'), ('FR', 'France');
SELECT herd.create_reference_table('country');

-- Lines that the coordinator can't read.
COPY orders FROM STDIN;
1	1
\.
COPY orders FROM STDIN;
1	1	a	1	1
\.
COPY orders (id, n) FROM STDIN;
100001	1
x	2
\.

-- Values that a node refuses.
COPY orders (id, n) FROM STDIN;
100001	1
100002	1
100003	y
\.
COPY orders (id, total) FROM STDIN;
100001	1
100002	-1
100003	1
\.
COPY orders (id, n) FROM STDIN;
100001	1
100002	1
100003	1
100002	1
100004	1
\.
COPY orders (id, note, n) FROM STDIN (FORMAT csv);
100001,"two
lines",1
100002,"three

lines",y
\.
COPY country FROM STDIN (FORMAT csv);
IT,
\.
COPY country FROM STDIN (FORMAT csv);
IT,Italy
DE,again
\.
SELECT count(*) FROM orders WHERE id > 100000;
SELECT count(*) FROM country;

-- Refused as by PostgreSQL.
\copy orders (id, doubled) FROM '/dev/null'
\copy orders (id, nope) FROM '/dev/null'
COPY orders FROM '/nonexistent/file';
\copy orders (id, n) FROM '/dev/null' (FREEZE)
BEGIN TRANSACTION READ ONLY;
\copy orders (id, n) FROM '/dev/null'
ROLLBACK;
CREATE ROLE regress_copy_user;
GRANT USAGE ON SCHEMA commands_copy_errors TO regress_copy_user;
GRANT INSERT (id, n) ON orders TO regress_copy_user;
SET ROLE regress_copy_user;
\copy orders FROM '/dev/null'
COPY orders (id, n) FROM '/nonexistent/file';
COPY orders (id, n) FROM PROGRAM 'true';
COPY orders (id, n) FROM STDIN;
300001	1
\.
RESET ROLE;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
SET ROLE regress_copy_user;
\copy orders (id, n) FROM '/dev/null'
RESET ROLE;
SELECT id, n FROM orders WHERE id > 300000;

SET client_min_messages = warning;
DROP SCHEMA commands_copy_errors CASCADE;
DROP ROLE regress_copy_user;
