-- name: single
INSERT INTO users VALUES (1001, 'new', 'n@example.com', 33, 'at', 1.5, true, '2024-05-05 10:00+02', '{a,b}', '{"x": 1}', 'fine');
-- name: column_list
INSERT INTO users (name, id) VALUES ('short', 1002);
-- name: defaults
INSERT INTO users (id, name, score, active) VALUES (1003, 'd', DEFAULT, DEFAULT);
-- name: multi_row
INSERT INTO users (id, name, age) VALUES (1010, 'a', 1), (1011, 'b', NULL), (1012, 'c', 3), (1013, 'd', 4), (1014, 'e', 5);
-- name: multi_row_one_shard
INSERT INTO orders (user_id, id, quantity) VALUES (7, 5001, 1), (7, 5002, 2), (7, 5003, 3);
-- name: returning
INSERT INTO users (id, name) VALUES (1020, 'r') RETURNING id, name, score, active, id * 2 AS twice;
-- name: returning_star
INSERT INTO orders (user_id, id, quantity, price) VALUES (7, 5010, 4, 2.5) RETURNING *;
-- name: multi_row_returning
INSERT INTO users (id, name) VALUES (1021, 'r'), (1022, 's'), (1023, 't') RETURNING id, upper(name);
-- name: expressions
INSERT INTO users (id, name, age, created) VALUES (1000 + 31, 'x' || 'y', length('abc'), timestamptz '2024-01-01 00:00+00' + interval '1 day');
-- name: subquery_in_values
INSERT INTO users (id, name, age) VALUES (1032, (SELECT name FROM country WHERE code = 'at'), (SELECT max(age) FROM users));
-- name: null_key
INSERT INTO events (user_id, kind) VALUES (NULL, 'null');
-- name: null_keys_and_others
INSERT INTO events VALUES (NULL, 'a', NULL, NULL, NULL, NULL), (5, 'b', now() - now() + timestamptz '2024-01-01 00:00+00', 1.5, 2, '{"a": [1, 2]}'), (NULL, 'c', NULL, 0, 0, '1');
-- name: missing_key
INSERT INTO events (kind) VALUES ('nothing else');
-- name: default_values_refused_by_not_null
-- error: 23502
INSERT INTO users DEFAULT VALUES;
-- name: default_values
INSERT INTO events DEFAULT VALUES;
-- name: serial
INSERT INTO ticket (account) VALUES (1) RETURNING account, id, ref, always, subject, opened, length;
INSERT INTO ticket (account, subject) VALUES (1, 'two'), (2, 'three'), (3, DEFAULT) RETURNING *;
SELECT currval(pg_get_serial_sequence('ticket', 'id'));
-- name: serial_given
INSERT INTO ticket (account, id, ref) VALUES (1, 9000, 9000) RETURNING id, ref;
-- name: identity_always_refuses
-- error: 428C9
INSERT INTO ticket (account, always) VALUES (1, 77);
-- name: identity_overriding
INSERT INTO ticket (account, always) OVERRIDING SYSTEM VALUE VALUES (1, 77) RETURNING always;
INSERT INTO ticket (account, ref) OVERRIDING USER VALUE VALUES (1, 77) RETURNING ref > 77;
-- name: generated_given
-- error: 428C9
INSERT INTO orders (user_id, id, total) VALUES (7, 5020, 3);
-- name: generated_default
INSERT INTO orders (user_id, id, quantity, price, total) VALUES (7, 5021, 3, 1.25, DEFAULT) RETURNING total;
-- name: into_text_key
INSERT INTO items (code, name, price, position) VALUES ('it''em "1"', 'quoted', 1, ROW(1, 2, 'x')), ('ünï ☃', 'unicode', 2, NULL), ('', 'empty', 3, '(,,)');
SELECT * FROM items WHERE code = 'ünï ☃';
SELECT * FROM items WHERE code = 'it''em "1"';
-- name: into_reference
INSERT INTO country VALUES ('fr', 'France', 'Europe', 68000000, 543940.0) RETURNING *;
INSERT INTO country (code, name) VALUES ('m1', 'M1'), ('m2', 'M2'), ('m3', 'M3');
SELECT count(*) FROM users u RIGHT JOIN country c ON c.code = u.country;
-- name: into_local_from_distributed
INSERT INTO note (id, user_id, body) SELECT 1000 + id, id, name FROM users WHERE id < 20;
-- name: odd_names
INSERT INTO filled (k, "Odd Name", "select") VALUES (3, 'new "odd"', 1.5) RETURNING *;
INSERT INTO filled VALUES (4, 'by position', 2);
-- name: select_colocated
INSERT INTO events (user_id, kind, amount) SELECT user_id, 'from order', quantity FROM orders WHERE quantity > 7;
-- name: select_same_table
INSERT INTO orders (user_id, id, quantity) SELECT user_id, id + 10000, quantity FROM orders WHERE quantity = 2;
-- name: select_key_changes
INSERT INTO events (user_id, kind) SELECT id, 'by id' FROM orders WHERE user_id = 7;
-- name: select_other_group
INSERT INTO items (code, name, stock) SELECT 'user-' || id, name, age FROM users WHERE id < 30;
-- name: select_generate_series
INSERT INTO empty_log SELECT g, 'v' || g, g / 3.0 FROM generate_series(1, 200) AS g;
SELECT count(*), sum(n) FROM empty_log;
-- name: select_local
INSERT INTO events (user_id, kind) SELECT user_id, body FROM note;
-- name: select_reference
INSERT INTO items (code, name, origin) SELECT 'country-' || code, name, code FROM country;
-- name: select_join_aggregate
INSERT INTO empty_log (id, v, n) SELECT u.id, max(i.name), sum(o.total) FROM users u JOIN orders o ON o.user_id = u.id JOIN items i ON i.code = o.item_code GROUP BY u.id;
-- name: select_returning
INSERT INTO empty_log (id, v) SELECT id, name FROM users WHERE id < 10 RETURNING id, v;
-- name: select_by_key
INSERT INTO orders (user_id, id, quantity) SELECT user_id, id + 20000, 1 FROM orders WHERE user_id = 7 RETURNING id;
-- name: select_nothing
INSERT INTO empty_log SELECT id, name FROM users WHERE false;
-- name: select_with_cte
WITH big AS (SELECT user_id, sum(total) AS t FROM orders GROUP BY user_id) INSERT INTO empty_log (id, n) SELECT user_id, t FROM big WHERE t > 100;
-- name: select_limit
INSERT INTO empty_log (id) SELECT id FROM users ORDER BY id LIMIT 7;
-- name: select_union
INSERT INTO empty_log (id, v) SELECT id, 'a' FROM sparse UNION ALL SELECT stock, 'b' FROM items WHERE stock < 10;
-- name: select_values
INSERT INTO empty_log (id, v) SELECT * FROM (VALUES (1, 'x'), (2, 'y'), (NULL, NULL)) AS v;
-- name: select_coerced
INSERT INTO empty_log (id, v, n) SELECT score, age, id FROM users WHERE id < 10;
-- name: select_violates
-- error: 23505
INSERT INTO sparse SELECT 1000, 'again' FROM users WHERE id < 3;
-- name: select_serial
INSERT INTO ticket (account, subject) SELECT id, name FROM users WHERE id = 3;
INSERT INTO ticket (account, subject) SELECT g, 's' || g FROM generate_series(50, 60) AS g;
-- name: same_now
BEGIN;
-- differs
INSERT INTO events (user_id, kind, at) SELECT g, 'now', now() FROM generate_series(1, 20) AS g;
SELECT count(DISTINCT at), bool_and(at = now()) FROM events WHERE kind = 'now';
ROLLBACK;
-- name: random_values
BEGIN;
-- differs
INSERT INTO empty_log (id, n) VALUES (1, random()), (1, random()), (1, random());
SELECT count(DISTINCT n) FROM empty_log;
ROLLBACK;
-- name: too_few_columns
-- error: 42601
INSERT INTO sparse (id, v) VALUES (1);
-- name: wrong_type
-- error: 42804
INSERT INTO sparse (id) VALUES (now());
-- name: wrong_literal
-- error: 22P02
INSERT INTO sparse (id) VALUES ('x');
-- name: out_of_range
-- error: 22003
INSERT INTO sparse (id) VALUES (99999999999);
-- name: too_long
-- error: 22001
INSERT INTO orders (user_id, id, remark) VALUES (7, 6000, repeat('x', 21));
-- name: big_values
INSERT INTO sparse VALUES (5000, repeat('0123456789', 100000));
SELECT id, length(v), md5(v) FROM sparse WHERE id = 5000;
DELETE FROM sparse WHERE id = 5000;
-- name: prepared
PREPARE i (int, text) AS INSERT INTO sparse VALUES ($1, $2) RETURNING id, v;
EXECUTE i (2001, 'a');
EXECUTE i (2002, NULL);
EXECUTE i (2003, 'c');
EXECUTE i (2004, 'd');
EXECUTE i (2005, 'e');
EXECUTE i (2006, 'f');
EXECUTE i (2007, 'g');
-- error: 23505
EXECUTE i (2001, 'again');
-- error: 23502
EXECUTE i (NULL, 'null');
DEALLOCATE i;
-- name: prepared_multi_row
SET plan_cache_mode = force_generic_plan;
PREPARE i (int, int, text) AS INSERT INTO empty_log (id, v) VALUES ($1, $3), ($2, $3 || '!');
EXECUTE i (1, 2, 'x');
EXECUTE i (3, NULL, 'y');
DEALLOCATE i;
RESET plan_cache_mode;
-- name: prepared_serial
PREPARE i (int) AS INSERT INTO ticket (account) VALUES ($1) RETURNING id, ref, always;
EXECUTE i (1);
EXECUTE i (2);
EXECUTE i (1);
DEALLOCATE i;
-- name: returning_subquery
INSERT INTO sparse SELECT g + 610000, 'r' FROM generate_series(1, 9) g RETURNING id, (SELECT count(*) FROM users), (SELECT max(code) FROM items);
INSERT INTO ticket (account, subject) VALUES (61, 'a'), (62, 'b') RETURNING account, state, (SELECT count(*) FROM events e WHERE e.user_id = account);
