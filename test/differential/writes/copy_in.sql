-- name: text
COPY sparse FROM STDIN;
10001	tab\tinside
10002	\N
10003	back\\slash
10004	
10005	\x41\n
\.
-- name: columns
COPY users (id, name, country) FROM STDIN;
10001	copied	at
10002	copied	\N
\.
-- name: csv
COPY sparse FROM STDIN (FORMAT csv);
10101,"quoted ""text"", with comma"
10102,
10103,""
10104,"two
lines"
\.
-- name: csv_options
COPY items (code, name, stock) FROM STDIN (FORMAT csv, HEADER, DELIMITER ';', NULL 'nix', QUOTE '''', FORCE_NOT_NULL (name));
code;name;stock
c-1;'it''s';5
c-2;nix;nix
'nix';x;1
\.
-- name: key_not_first
COPY orders (id, quantity, user_id, price, remark) FROM STDIN;
20001	2	7	1.5	a
20002	3	8	\N	\N
20003	4	9	2.5	c
\.
-- name: generated_and_defaults
COPY ticket (account, subject) FROM STDIN;
1	copied
2	copied too
\.
SELECT count(DISTINCT id), count(DISTINCT ref), sum(length) FROM ticket WHERE subject LIKE 'copied%';
-- name: null_keys
COPY events (user_id, kind) FROM STDIN;
\N	null
5	five
\N	null
\.
-- name: null_option
COPY events (user_id, kind, amount) FROM STDIN (NULL 'none', DELIMITER '|');
none|a|none
6|none|1
\.
-- name: where
COPY sparse FROM STDIN WHERE id % 2 = 0;
10201	odd
10202	even
10204	even
\.
-- name: many_rows
CREATE TABLE source AS SELECT g AS id, 'row ' || g AS v, g * 1.5 AS n FROM generate_series(1, 3000) AS g;
INSERT INTO empty_log SELECT * FROM source;
DROP TABLE source;
-- name: reference
COPY country (code, name) FROM STDIN;
c1	Country one
c2	Country two
\.
-- name: empty
COPY sparse FROM STDIN;
\.
-- name: odd_names
COPY filled ("Odd Name", k) FROM STDIN (FORMAT csv, HEADER match);
Odd Name,k
"a ""b""",5
\.
-- name: wrong_header
-- error: 22P04
COPY filled ("Odd Name", k) FROM STDIN (FORMAT csv, HEADER match);
Odd name,k
a,5
\.
-- name: wrong_key
-- error: 22P02
COPY sparse FROM STDIN;
10301	a
x	b
10303	c
\.
-- name: wrong_value
-- error: 22P02
COPY users (id, name, age) FROM STDIN;
10401	a	1
10402	b	two
10403	c	3
\.
-- name: missing_column
-- error: 22P04
COPY sparse FROM STDIN;
10501	a
10502
\.
-- name: extra_column
-- error: 22P04
COPY sparse FROM STDIN;
10501	a	b
\.
-- name: unterminated_quote
-- error: 22P04
COPY sparse FROM STDIN (FORMAT csv);
10501,"a
\.
-- name: duplicate_key
-- error: 23505
COPY sparse FROM STDIN;
10601	a
10602	b
1	again
10604	d
\.
-- name: check_violated
-- error: 23514
COPY users (id, name, age) FROM STDIN;
10701	a	1
10702	b	1000
10703	c	3
\.
-- name: not_null_violated
-- error: 23502
COPY users (id, name) FROM STDIN;
10801	\N
\.
-- name: foreign_key_violated
-- error: 23503
COPY orders (user_id, id) FROM STDIN;
7	20101
987654	20102
\.
-- name: foreign_key_to_reference_violated
-- error: 23503
COPY users (id, name, country) FROM STDIN;
10901	a	zz
\.
-- name: null_key_of_primary_key
-- error: 23502
COPY sparse FROM STDIN;
\N	a
\.
-- name: generated_column_given
-- error: 42P10
COPY orders (user_id, id, total) FROM STDIN;
7	20201	1
\.
-- name: unknown_column
-- error: 42703
COPY sparse (id, nothing) FROM STDIN;
1	a
\.
-- name: in_transaction
BEGIN;
COPY sparse FROM STDIN;
11001	a
11002	b
\.
SELECT count(*) FROM sparse WHERE id > 11000;
UPDATE sparse SET v = 'changed' WHERE id = 11001;
COPY sparse FROM STDIN;
11003	c
\.
ROLLBACK;
SELECT count(*) FROM sparse WHERE id > 11000;
-- name: in_transaction_committed
BEGIN;
INSERT INTO sparse VALUES (11101, 'a');
COPY sparse FROM STDIN;
11102	b
11103	c
\.
SELECT count(*) FROM sparse WHERE id > 11100;
COMMIT;
-- name: after_savepoint
BEGIN;
SAVEPOINT s;
-- error: 23505
COPY sparse FROM STDIN;
11201	a
1	again
\.
ROLLBACK TO s;
COPY sparse FROM STDIN;
11201	a
\.
COMMIT;
-- name: all_types
COPY users FROM STDIN;
12001	all	a@b.c	30	at	1.25	f	2024-02-03 04:05:06+00	{a,"b c",NULL}	{"k": [1, "x"]}	über
\.
SELECT * FROM users WHERE id = 12001;
-- name: composite
COPY items (code, position) FROM STDIN;
comp	(1,2,"a b")
\.
-- name: force_null
COPY sparse FROM STDIN (FORMAT csv, FORCE_NULL (v), NULL 'nil');
12101,"nil"
12102,nil
\.
-- name: program
COPY sparse FROM PROGRAM 'printf "12301\tfrom a program\n12302\t\\N\n"';
-- name: file_binary
COPY users TO '/tmp/herd_differential.copy' (FORMAT binary);
BEGIN;
DELETE FROM users WHERE id < 50;
DELETE FROM users WHERE id >= 50;
COPY users FROM '/tmp/herd_differential.copy' (FORMAT binary);
COMMIT;
-- name: file_csv
COPY items TO '/tmp/herd_differential.copy' (FORMAT csv, HEADER);
BEGIN;
TRUNCATE items;
COPY items FROM '/tmp/herd_differential.copy' (FORMAT csv, HEADER);
COMMIT;
COPY sparse TO PROGRAM 'cat >/dev/null; rm -f /tmp/herd_differential.copy';
-- name: file_not_there
-- error: 58P01
COPY sparse FROM '/tmp/herd_differential.nothing';
