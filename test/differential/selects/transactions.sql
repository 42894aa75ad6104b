-- name: repeatable_read
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM users;
SELECT sum(total) FROM orders;
COMMIT;
-- name: read_only
BEGIN READ ONLY;
SELECT count(*) FROM users;
SELECT name FROM users WHERE id = 7;
-- error: 25006
DELETE FROM users WHERE id = 7;
ROLLBACK;
-- name: savepoint_and_error
BEGIN;
SELECT count(*) FROM users;
SAVEPOINT s;
-- error: 22012
SELECT 1 / (id - 1) FROM sparse;
ROLLBACK TO s;
SELECT count(*) FROM sparse;
COMMIT;
-- name: for_update_by_key
BEGIN;
SELECT id, name FROM users WHERE id = 7 FOR UPDATE;
SELECT id, name FROM users WHERE id = 8 FOR SHARE;
SELECT id FROM users WHERE id = 9 FOR NO KEY UPDATE NOWAIT;
SELECT id FROM users WHERE id = 10 FOR KEY SHARE SKIP LOCKED;
ROLLBACK;
