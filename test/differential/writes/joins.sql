-- name: update_from_other_returning
UPDATE orders o SET price = i.price, remark = left(i.name, 20) FROM items i WHERE i.code = o.item_code AND o.quantity > 5 RETURNING o.user_id, o.id, o.total, o.remark, i.code;
-- name: update_from_several_matches
-- differs
UPDATE users u SET score = o.quantity FROM orders o, items i WHERE o.user_id = u.id AND i.code = o.item_code AND o.quantity = 3;
-- name: update_from_reference_and_other
UPDATE orders o SET remark = c.name FROM items i JOIN country c ON c.code = i.origin WHERE i.code = o.item_code AND o.quantity = 2;
-- name: update_from_local_returning
UPDATE users u SET name = n.body || u.id, age = NULL FROM note n WHERE n.user_id = u.id AND n.id < 5 RETURNING u.*;
-- name: update_from_values
UPDATE users u SET score = v.n FROM (VALUES (7, 1.5), (8, 2.5), (9, NULL), (5000, 1)) AS v (id, n) WHERE v.id = u.id RETURNING u.id, u.score;
-- name: update_from_function
UPDATE users u SET score = g FROM generate_series(1, 10) g WHERE g = u.id % 20 AND u.id < 11;
-- name: update_from_aggregate
UPDATE items i SET stock = s.n FROM (SELECT item_code, count(*) AS n FROM orders GROUP BY 1) s WHERE s.item_code = i.code;
-- name: update_with_query
WITH best AS (SELECT user_id, sum(total) AS total FROM orders GROUP BY 1 ORDER BY 2 DESC NULLS LAST, 1 LIMIT 10) UPDATE users u SET score = best.total FROM best WHERE best.user_id = u.id RETURNING id, score;
-- name: update_row_from_subquery
UPDATE orders o SET (price, remark) = (SELECT i.price, left(i.name, 20) FROM items i WHERE i.code = o.item_code) WHERE quantity = 4;
-- name: update_correlated_elsewhere
UPDATE users u SET score = (SELECT count(*) FROM items i WHERE i.stock = u.age) WHERE u.id < 30 RETURNING id, score;
-- name: update_not_in_other
UPDATE orders SET remark = 'none' WHERE item_code NOT IN (SELECT code FROM items WHERE stock > 3);
-- name: update_exists_local
UPDATE users u SET age = age + 1 WHERE EXISTS (SELECT FROM note n WHERE n.user_id = u.id) RETURNING id, age;
-- name: update_limited
UPDATE users SET score = -1 WHERE id IN (SELECT id FROM users WHERE active ORDER BY age DESC NULLS LAST, id LIMIT 7) RETURNING id;
-- name: update_job_queue
UPDATE users SET name = 'taken' WHERE id IN (SELECT id FROM users WHERE active ORDER BY id LIMIT 5 FOR UPDATE SKIP LOCKED) RETURNING id, name;
-- name: update_job_queue_with
WITH next AS (SELECT id FROM users WHERE active ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 5) UPDATE users u SET name = 'taken' FROM next WHERE next.id = u.id RETURNING u.id, u.name;
-- name: delete_job_queue
DELETE FROM events WHERE amount IN (SELECT amount FROM events WHERE kind = 'buy' ORDER BY amount NULLS LAST LIMIT 1) RETURNING *;
-- name: update_volatile_condition
UPDATE users SET score = 3 WHERE random() < 2 AND age > 40;
-- name: update_arrays_and_composites
UPDATE users u SET tags = n.tags, profile = u.profile || jsonb_build_object('x', n.id) FROM (SELECT id, ARRAY[body, NULL, 'x'] AS tags FROM note) n WHERE n.id = u.id;
UPDATE items i SET position = (1, 2, c.name)::point3, attributes = jsonb_build_object('a', random() < 2) FROM country c WHERE c.code = i.origin;
-- name: update_enum
UPDATE users u SET feeling = CASE WHEN n.id % 2 = 0 THEN 'sad'::mood END FROM note n WHERE n.id = u.id;
-- name: update_all_columns_null
UPDATE events SET kind = NULL, at = NULL, value = NULL, amount = NULL, payload = NULL WHERE amount > (SELECT avg(stock) FROM items);
-- name: update_dropped_column
UPDATE filled f SET "Odd Name" = n.body, "select" = n.id FROM note n WHERE n.id = f.k RETURNING f.*;
-- name: update_generated
UPDATE ticket t SET subject = n.body FROM note n WHERE n.id = t.account RETURNING t.length;
-- name: update_to_default
UPDATE ticket t SET state = DEFAULT, opened = DEFAULT FROM note n WHERE n.id = t.account;
-- name: update_violates_check
-- error: 23514
-- any_detail
UPDATE users u SET age = -n.id FROM note n WHERE n.id = u.id;
-- name: update_violates_not_null
-- error: 23502
-- any_detail
UPDATE users u SET name = NULL FROM note n WHERE n.id = u.id;
-- name: update_violates_foreign_key
-- error: 23503
UPDATE users u SET country = 'zz' FROM items i WHERE i.stock > 0;
-- name: update_violates_domain
-- error: 22003
UPDATE users u SET score = n.id * 10000000 FROM note n WHERE n.id = u.id;
-- name: update_division
-- error: 22012
UPDATE users u SET score = 1 / (n.id - n.id) FROM note n WHERE n.id = u.id;
-- name: update_same_row_twice_in_with
-- differs
WITH a AS (UPDATE users SET score = 1 WHERE age > 50 RETURNING id), b AS (UPDATE users SET score = 2 WHERE age > 45 RETURNING id) SELECT (SELECT count(*) FROM a) > 0, (SELECT count(*) FROM b) > 0;
-- name: update_nothing
UPDATE users u SET score = 1 FROM items i WHERE i.code = u.name;
-- name: key_moves
UPDATE sparse SET id = id + 100000;
-- name: key_moves_returning
UPDATE sparse SET id = -id, v = v || '!' WHERE id % 3 = 0 RETURNING *;
-- name: key_moves_null
UPDATE events SET user_id = NULL WHERE kind = 'buy';
UPDATE events SET user_id = amount WHERE user_id IS NULL RETURNING user_id, kind;
-- name: key_moves_from
UPDATE filled f SET k = n.id + 1000 FROM note n WHERE n.id = f.k;
-- name: key_moves_to_generated
UPDATE ticket SET account = account + 17 WHERE state = 'new';
-- name: key_moves_by_key
UPDATE events SET user_id = 8 WHERE user_id = 7 AND amount < 9 RETURNING kind;
-- name: key_moves_to_nobody
-- error: 23503
-- any_detail
UPDATE orders SET user_id = 800000;
-- name: key_moves_to_duplicate
BEGIN;
INSERT INTO booking VALUES (901, 1, 'a'), (902, 2, 'b');
-- error: 23P01
-- any_detail
UPDATE booking SET room = 900, slot = 1 WHERE room > 900;
ROLLBACK;
UPDATE items SET code = 'all the same' WHERE stock = 1000;
-- error: 23505
-- any_detail
UPDATE sparse SET id = 12;
-- name: delete_using_other_returning
DELETE FROM orders o USING items i WHERE i.code = o.item_code AND i.stock < 9 RETURNING o.user_id, o.id, o.total, i.name;
-- name: delete_using_local
DELETE FROM events e USING note n WHERE n.user_id = e.user_id RETURNING e.kind, n.user_id;
-- name: delete_using_self
DELETE FROM events a USING events b WHERE a.amount = b.amount + 1 AND b.kind = 'buy';
-- name: delete_with_cascade
BEGIN;
DELETE FROM users u USING note n WHERE n.user_id = u.id;
SELECT user_id, count(*) FROM orders GROUP BY 1;
SELECT id FROM users;
ROLLBACK;
-- name: delete_more_than_average
DELETE FROM items i WHERE price > (SELECT avg(price) FROM items) AND stock < (SELECT max(quantity) FROM orders);
-- name: delete_volatile
DELETE FROM events WHERE random() < 2 AND amount > 3;
-- name: delete_nothing
DELETE FROM events e USING items i WHERE i.code = e.kind RETURNING e.*;
-- name: view_over_join
CREATE VIEW old_users AS SELECT id, age, name FROM users WHERE age > 40 WITH CHECK OPTION;
UPDATE old_users o SET name = n.body FROM note n WHERE n.id = o.id RETURNING o.*;
-- error: 44000
-- any_detail
UPDATE old_users o SET age = n.id FROM note n WHERE n.id = o.id;
BEGIN;
DELETE FROM old_users o USING items i WHERE i.stock = o.age;
SELECT id FROM users;
ROLLBACK;
DROP VIEW old_users;
-- name: repeatable_read
BEGIN ISOLATION LEVEL REPEATABLE READ;
UPDATE users u SET score = i.stock FROM items i WHERE i.stock = u.age RETURNING u.id;
UPDATE users u SET score = i.stock + 1 FROM items i WHERE i.stock = u.age RETURNING u.id, u.score;
DELETE FROM orders o USING items i WHERE i.code = o.item_code AND i.stock < 9;
COMMIT;
-- name: rolled_back
BEGIN;
UPDATE users u SET score = i.stock FROM items i WHERE i.stock = u.age;
SAVEPOINT s;
DELETE FROM orders o USING items i WHERE i.code = o.item_code;
-- error: 23514
-- any_detail
UPDATE users u SET age = -n.id FROM note n WHERE n.id = u.id;
ROLLBACK TO s;
UPDATE sparse SET id = id + 1000000;
SELECT count(*), sum(id) FROM sparse;
ROLLBACK;
-- name: prepared
PREPARE q (int, text) AS UPDATE orders o SET remark = $2 || i.category, weight = $1 FROM items i WHERE i.code = o.item_code AND o.quantity = $1 RETURNING o.id, o.remark, $1 + 1;
EXECUTE q (1, 'a');
EXECUTE q (2, 'b');
EXECUTE q (3, 'c');
EXECUTE q (4, 'd');
EXECUTE q (5, 'e');
EXECUTE q (6, 'f');
EXECUTE q (7, NULL);
DEALLOCATE q;
-- name: prepared_delete
PREPARE q (int[], numeric) AS DELETE FROM events e USING items i WHERE e.amount = ANY ($1) AND i.price > $2 AND i.stock = e.amount;
EXECUTE q ('{1, 2}', 1);
EXECUTE q ('{3}', 1);
EXECUTE q ('{4}', 1);
EXECUTE q ('{5}', 1);
EXECUTE q ('{6}', 1);
EXECUTE q ('{7, NULL}', 1);
EXECUTE q (NULL, 1);
DEALLOCATE q;
