-- name: forward
BEGIN;
DECLARE c CURSOR FOR SELECT id, name FROM users ORDER BY id;
-- ordered
FETCH 5 FROM c;
-- ordered
FETCH NEXT FROM c;
MOVE 10 FROM c;
-- ordered
FETCH 3 FROM c;
CLOSE c;
COMMIT;
-- name: scroll
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT id FROM users ORDER BY id;
-- ordered
FETCH LAST FROM c;
-- ordered
FETCH BACKWARD 4 FROM c;
-- ordered
FETCH ABSOLUTE 3 FROM c;
-- ordered
FETCH RELATIVE -1 FROM c;
-- ordered
FETCH FIRST FROM c;
COMMIT;
-- name: hold
BEGIN;
DECLARE c CURSOR WITH HOLD FOR SELECT user_id, id FROM orders WHERE quantity = 9 ORDER BY user_id, id;
COMMIT;
-- ordered
FETCH 5 FROM c;
-- ordered
FETCH ALL FROM c;
CLOSE c;
-- name: two_at_once
BEGIN;
DECLARE a CURSOR FOR SELECT id FROM users ORDER BY id;
DECLARE b CURSOR FOR SELECT user_id, id FROM orders ORDER BY id;
-- ordered
FETCH 3 FROM a;
-- ordered
FETCH 3 FROM b;
SELECT count(*) FROM events;
-- ordered
FETCH 3 FROM a;
-- ordered
FETCH 3 FROM b;
COMMIT;
-- name: by_key
BEGIN;
DECLARE c CURSOR FOR SELECT id FROM orders WHERE user_id = 7 ORDER BY id;
-- ordered
FETCH 4 FROM c;
-- ordered
FETCH 4 FROM c;
COMMIT;
-- name: error_in_the_middle
BEGIN;
DECLARE c CURSOR FOR SELECT id, 10 / (id - 6) FROM users ORDER BY id;
-- error: 22012
FETCH ALL FROM c;
ROLLBACK;
-- name: insensitive
BEGIN;
DECLARE c INSENSITIVE CURSOR FOR SELECT id, v FROM sparse ORDER BY id;
UPDATE sparse SET v = 'changed' WHERE id = 1;
-- ordered
FETCH ALL FROM c;
ROLLBACK;
