-- name: rolled_back
BEGIN;
INSERT INTO users (id, name) VALUES (6001, 'gone');
UPDATE users SET age = 99 WHERE id = 7;
DELETE FROM orders WHERE user_id = 7;
SELECT count(*) FROM users;
SELECT age FROM users WHERE id = 7;
ROLLBACK;
SELECT age FROM users WHERE id = 7;
-- name: committed
BEGIN;
INSERT INTO users (id, name) VALUES (6002, 'stays');
INSERT INTO orders (user_id, id) VALUES (6002, 1), (6002, 2);
SELECT count(*) FROM orders WHERE user_id = 6002;
COMMIT;
-- name: many_shards_rolled_back
BEGIN;
UPDATE users SET name = 'all';
SELECT count(DISTINCT name) FROM users;
UPDATE orders SET quantity = quantity + 1;
SELECT sum(quantity) FROM orders;
ROLLBACK;
SELECT count(DISTINCT name) FROM users;
-- name: many_shards_committed
BEGIN;
UPDATE items SET price = price + 1;
UPDATE users SET score = score + 1 WHERE active;
INSERT INTO note (id, body) VALUES (9001, 'with it');
COMMIT;
-- name: savepoint
BEGIN;
INSERT INTO sparse VALUES (6101, 'a');
SAVEPOINT one;
INSERT INTO sparse VALUES (6102, 'b');
UPDATE users SET age = 3 WHERE id = 7;
ROLLBACK TO one;
INSERT INTO sparse VALUES (6103, 'c');
RELEASE one;
COMMIT;
-- tables: users
-- name: savepoint_nested
BEGIN;
SAVEPOINT a;
INSERT INTO sparse VALUES (6201, 'a');
SAVEPOINT b;
INSERT INTO sparse VALUES (6202, 'b');
SAVEPOINT c;
INSERT INTO sparse VALUES (6203, 'c');
ROLLBACK TO b;
SELECT count(*) FROM sparse WHERE id > 6200;
SAVEPOINT d;
INSERT INTO sparse VALUES (6204, 'd');
RELEASE a;
COMMIT;
-- name: savepoint_after_error
BEGIN;
INSERT INTO sparse VALUES (6301, 'a');
SAVEPOINT s;
-- error: 23505
INSERT INTO sparse VALUES (6301, 'again');
ROLLBACK TO s;
INSERT INTO sparse VALUES (6302, 'b');
SAVEPOINT s;
-- error: 22012
UPDATE users SET age = 1 / 0;
ROLLBACK TO s;
-- error: 23503
INSERT INTO orders (user_id, id) VALUES (987654, 2);
ROLLBACK TO s;
COMMIT;
-- tables: sparse users orders
-- name: savepoint_first_touch_of_node
BEGIN;
SAVEPOINT s;
UPDATE users SET age = 5;
ROLLBACK TO s;
SELECT count(*) FROM users WHERE age = 5;
UPDATE users SET age = 6 WHERE id = 5;
COMMIT;
-- name: savepoint_same_name
BEGIN;
SAVEPOINT s;
INSERT INTO sparse VALUES (6401, 'a');
SAVEPOINT s;
INSERT INTO sparse VALUES (6402, 'b');
ROLLBACK TO s;
RELEASE s;
ROLLBACK TO s;
INSERT INTO sparse VALUES (6403, 'c');
COMMIT;
-- name: truncate_and_fill
BEGIN;
TRUNCATE empty_log;
INSERT INTO empty_log SELECT g, 'x', g FROM generate_series(1, 50) AS g;
SELECT sum(n) FROM empty_log;
COMMIT;
-- name: reads_its_writes
BEGIN;
INSERT INTO users (id, name, country) SELECT 7000 + g, 'batch', 'at' FROM generate_series(1, 30) AS g;
SELECT count(*) FROM users WHERE name = 'batch';
SELECT u.id, c.name FROM users u JOIN country c ON c.code = u.country WHERE u.id > 7025;
UPDATE users SET name = 'batch 2' WHERE name = 'batch' AND id % 2 = 0;
SELECT name, count(*) FROM users WHERE id > 7000 GROUP BY name;
DELETE FROM users WHERE id > 7000;
SELECT count(*) FROM users;
COMMIT;
-- name: reference_and_distributed
BEGIN;
INSERT INTO country (code, name) VALUES ('li', 'Liechtenstein');
INSERT INTO users (id, name, country) VALUES (7101, 'n', 'li');
SELECT u.name, c.name FROM users u JOIN country c ON c.code = u.country WHERE u.id = 7101;
ROLLBACK;
SELECT count(*) FROM country WHERE code = 'li';
-- name: repeatable_read
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM sparse;
INSERT INTO sparse VALUES (6501, 'a');
SELECT count(*) FROM sparse;
UPDATE sparse SET v = 'b' WHERE id = 6501;
COMMIT;
-- name: chained
BEGIN;
INSERT INTO sparse VALUES (6601, 'a');
COMMIT AND CHAIN;
INSERT INTO sparse VALUES (6602, 'b');
ROLLBACK AND CHAIN;
INSERT INTO sparse VALUES (6603, 'c');
COMMIT;
-- name: upsert_counter
BEGIN;
INSERT INTO sparse VALUES (6701, 'x') ON CONFLICT (id) DO UPDATE SET v = sparse.v || 'y';
INSERT INTO sparse VALUES (6701, 'x') ON CONFLICT (id) DO UPDATE SET v = sparse.v || 'y' RETURNING v;
COMMIT;
-- name: cursor_and_writes
BEGIN;
DECLARE c CURSOR FOR SELECT id FROM users ORDER BY id;
-- ordered
FETCH 2 FROM c;
UPDATE users SET age = 20 WHERE id < 4;
-- ordered
FETCH 2 FROM c;
INSERT INTO sparse VALUES (6801, 'a');
-- ordered
FETCH 2 FROM c;
COMMIT;
-- name: delete_and_insert_again
BEGIN;
DELETE FROM sparse WHERE id = 1;
INSERT INTO sparse VALUES (1, 'one anew');
COMMIT;
-- name: deferred_nothing
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO sparse VALUES (6901, 'a');
COMMIT;
