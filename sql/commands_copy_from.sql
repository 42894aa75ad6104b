-- COPY FROM into distributed and reference tables behaves as into a plain table: rows, tags, errors, line numbers.
CREATE SCHEMA commands_copy_from;
SET search_path = commands_copy_from;
CREATE TABLE orders (id bigint, n int, note text, total numeric CHECK (total > 0), doubled int GENERATED ALWAYS AS (n * 2) STORED,
                     UNIQUE (id, n));
CREATE TABLE plain (LIKE orders INCLUDING ALL);
SELECT herd.create_distributed_table('orders', 'id', shard_count => 8);
CREATE TABLE country (code char(2) PRIMARY KEY, name text NOT NULL);
SELECT herd.create_reference_table('country');
CREATE FUNCTION compare() RETURNS TABLE (side text, id bigint, n int, note text, total numeric, doubled int)
LANGUAGE sql AS $$
    SELECT 'missing', * FROM (SELECT * FROM plain EXCEPT ALL SELECT * FROM orders) m
    UNION ALL
    SELECT 'extra', * FROM (SELECT * FROM orders EXCEPT ALL SELECT * FROM plain) e
$$;

-- Many lines.
COPY orders (id, n, note, total) FROM PROGRAM 'seq 1 5000 | awk ''{print $1 "\t" $1 % 7 "\tnote " $1 "\t" $1 * 1.5}''';
COPY plain (id, n, note, total) FROM PROGRAM 'seq 1 5000 | awk ''{print $1 "\t" $1 % 7 "\tnote " $1 "\t" $1 * 1.5}''';
SELECT * FROM compare();

-- Text: escapes, NULL, NULL key, columns in another order.
COPY orders (note, id) FROM STDIN;
a\tb\\c\nd\x41	7001
\N	7002
no key	\N
\.
SELECT id, n, note, total, doubled FROM orders WHERE id BETWEEN 7001 AND 7999 OR id IS NULL ORDER BY id;

-- CSV: header, quotes, line ends in quotes.
COPY orders FROM STDIN (FORMAT csv, HEADER MATCH);
id,n,note,total
8001,1,"two
lines, with ""quotes""",3
8002,,"",4.5
8003,7,\N,
\.
COPY orders (total, id, note) FROM STDIN (FORMAT csv, DELIMITER ';', NULL 'nil', QUOTE '''', FORCE_NOT_NULL (note), FORCE_NULL (total));
'1';8004;nil
'nil';8005;'it''s; ok'
\.
SELECT id, n, note, total, doubled FROM orders WHERE id BETWEEN 8001 AND 8999 ORDER BY id;

-- Reference table.
COPY country FROM STDIN (FORMAT csv);
DE,Germany
FR,France
\.
SELECT * FROM country ORDER BY code;

-- Binary, from what COPY TO gives.
COPY (SELECT id + 20000, n, note, total FROM plain) TO '/tmp/herd_copy_from.data' (FORMAT binary);
COPY orders (id, n, note, total) FROM '/tmp/herd_copy_from.data' (FORMAT binary);
SELECT count(*), sum(total) FROM orders WHERE id > 20000;

-- WHERE and defaults.
COPY orders (id, n, note, total) FROM STDIN WHERE n > 3;
9001	1	left out	1
9002	5	taken	1
\.
CREATE SEQUENCE counter;
ALTER TABLE orders ALTER note SET DEFAULT 'number ' || nextval('counter');
COPY orders (id, n) FROM STDIN;
9003	1
9004	2
\.
SELECT id, n, note FROM orders WHERE id BETWEEN 9001 AND 9999 ORDER BY id;
ALTER TABLE orders ALTER note DROP DEFAULT;

-- Transactions.
BEGIN;
COPY orders (id, n) FROM STDIN;
200001	1
\.
SAVEPOINT s;
COPY orders (id, n) FROM STDIN;
200002	1
\.
ROLLBACK TO s;
SELECT id FROM orders WHERE id > 200000 ORDER BY id;
COMMIT;
BEGIN;
COPY orders (id, n) FROM STDIN;
200003	1
\.
ROLLBACK;
SELECT id FROM orders WHERE id > 200000 ORDER BY id;

-- Words for times mean this transaction's; the order of day and month is the session's.
CREATE TABLE event (id int, day date, at timestamptz, span interval);
SELECT herd.create_distributed_table('event', 'id', shard_count => 4);
SET datestyle = 'SQL, DMY';
COPY event FROM STDIN;
1	01/02/2020	now	1 day
2	03/02/2020	2020-01-01 00:00:00+00	-1 day +02:00
\.
RESET datestyle;
SET intervalstyle = 'sql_standard';
COPY event FROM STDIN;
3	today	2020-01-01 00:00:00+00	-1 2:00:00
\.
RESET intervalstyle;
SET datestyle = 'ISO';
SELECT id, CASE WHEN id < 3 THEN day ELSE '2000-01-01'::date + (day - current_date) END AS day,
       at > now() - interval '1 hour' AS recent, span FROM event ORDER BY id;
BEGIN;
COPY event FROM STDIN;
4	tomorrow	now	\N
5	tomorrow	now	\N
6	tomorrow	now	\N
\.
SELECT count(*) FROM event WHERE at = now() AND day = current_date + 1;
ROLLBACK;

COPY (SELECT) TO PROGRAM 'cat >/dev/null; rm -f /tmp/herd_copy_from.data';
SET client_min_messages = warning;
DROP SCHEMA commands_copy_from CASCADE;
