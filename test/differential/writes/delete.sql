-- name: by_key
DELETE FROM users WHERE id = 77;
-- name: by_key_returning
DELETE FROM orders WHERE user_id = 7 AND quantity = 3 RETURNING id, total, remark;
-- name: by_key_in
DELETE FROM items WHERE code IN ('item-3', 'item-4', 'nothing') RETURNING code;
-- name: by_null_key
DELETE FROM events WHERE user_id IS NULL AND amount > 5;
-- name: by_other_column
DELETE FROM orders WHERE quantity = 8;
-- name: by_other_column_returning
DELETE FROM events WHERE kind = 'look' RETURNING *;
-- name: nothing
DELETE FROM orders WHERE user_id = -7;
-- name: all_then_back
BEGIN;
DELETE FROM orders;
SELECT count(*) FROM orders;
ROLLBACK;
-- name: using_reference
DELETE FROM items i USING country c WHERE c.code = i.origin AND c.continent = 'Oceania' RETURNING i.code, c.name;
-- name: using_colocated
DELETE FROM events e USING users u WHERE u.id = e.user_id AND NOT u.active;
-- name: using_other_group
DELETE FROM orders o USING items i WHERE i.code = o.item_code AND i.stock < 5;
-- name: exists_colocated
DELETE FROM events e WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.id = e.user_id);
-- name: in_reference
DELETE FROM items WHERE origin IN (SELECT code FROM country WHERE name LIKE 'J%');
-- name: in_other_group
DELETE FROM orders WHERE item_code NOT IN (SELECT code FROM items);
-- name: in_local
DELETE FROM events WHERE user_id IN (SELECT user_id FROM note WHERE id < 10);
-- name: reference
DELETE FROM country WHERE code = 'xx' RETURNING name;
-- name: cascades
DELETE FROM users WHERE id = 15;
-- tables: orders
-- name: cascades_everywhere
DELETE FROM users WHERE age > 65;
-- tables: orders
-- name: local_by_distributed
DELETE FROM note WHERE user_id IN (SELECT user_id FROM orders);
-- name: prepared
PREPARE d (int) AS DELETE FROM orders WHERE user_id = 7 AND id = $1 RETURNING id;
EXECUTE d (3);
EXECUTE d (6);
EXECUTE d (9);
EXECUTE d (9);
EXECUTE d (NULL);
EXECUTE d (12);
EXECUTE d (15);
DEALLOCATE d;
-- tables: orders
-- name: by_row
DELETE FROM orders WHERE (user_id, id) IN ((7, 18), (7, 21), (1, 2)) RETURNING user_id, id;
-- name: all_rows
DELETE FROM sparse;
INSERT INTO sparse VALUES (1, 'one'), (1000, 'thousand'), (-5, NULL);
-- name: truncate
TRUNCATE empty_log;
SELECT count(*) FROM empty_log;
-- name: truncate_rolled_back
BEGIN;
TRUNCATE items;
SELECT count(*) FROM items;
INSERT INTO items (code) VALUES ('only');
SELECT code FROM items;
ROLLBACK;
SELECT count(*) FROM items;
-- name: truncate_referenced
-- error: 0A000
TRUNCATE users;
-- name: truncate_several
TRUNCATE booking, sparse;
INSERT INTO sparse VALUES (1, 'one'), (1000, 'thousand'), (-5, NULL);
-- name: truncate_cascade
BEGIN;
TRUNCATE users CASCADE;
SELECT count(*) FROM orders;
ROLLBACK;
SELECT count(*) FROM orders;
-- name: truncate_restart_identity
BEGIN;
TRUNCATE ticket RESTART IDENTITY;
INSERT INTO ticket (account) VALUES (1) RETURNING id, ref, always;
ROLLBACK;
INSERT INTO ticket (account) VALUES (1) RETURNING id, ref, always;
-- name: truncate_reference
BEGIN;
TRUNCATE country CASCADE;
SELECT count(*) FROM country;
SELECT count(*) FROM users;
ROLLBACK;
