-- name: union
SELECT user_id FROM orders UNION SELECT user_id FROM events;
-- name: union_all
SELECT id, name FROM users WHERE id < 5 UNION ALL SELECT id, v FROM sparse;
-- name: intersect
SELECT id FROM users INTERSECT SELECT user_id FROM orders;
-- name: intersect_all
SELECT user_id FROM orders INTERSECT ALL SELECT user_id FROM events;
-- name: except
SELECT id FROM users EXCEPT SELECT user_id FROM orders;
-- name: except_all
SELECT user_id FROM events EXCEPT ALL SELECT user_id FROM orders;
-- name: union_with_nulls
SELECT user_id, kind FROM events UNION SELECT NULL, NULL;
-- name: nested
(SELECT user_id FROM orders EXCEPT SELECT user_id FROM events) UNION (SELECT id FROM users WHERE age < 20 INTERSECT SELECT user_id FROM events);
-- name: ordered
-- ordered
SELECT id AS k, 'u' AS src FROM users WHERE id < 20 UNION ALL SELECT id, 'o' FROM orders WHERE user_id = 7 ORDER BY k DESC, src LIMIT 12;
-- name: with_reference
SELECT country FROM users UNION SELECT code FROM country;
-- name: reference_except_distributed
SELECT code FROM country EXCEPT SELECT country FROM users;
-- name: with_local
SELECT user_id FROM note EXCEPT SELECT user_id FROM orders;
-- name: different_groups
SELECT name FROM items UNION SELECT name FROM users WHERE id < 10;
-- name: type_coercion
SELECT id FROM sparse UNION ALL SELECT score FROM users WHERE id < 5 UNION ALL SELECT 1.5;
-- name: in_subquery
SELECT count(*) FROM (SELECT user_id FROM orders UNION SELECT user_id FROM events) s;
-- name: aggregated_arms
SELECT 'users' AS t, count(*) FROM users UNION ALL SELECT 'orders', count(*) FROM orders UNION ALL SELECT 'items', count(*) FROM items;
-- name: values_arm
VALUES (1::bigint, 'x') UNION ALL SELECT id, name FROM users WHERE id = 2;
-- name: limit_in_arm
-- ordered
(SELECT id FROM users ORDER BY id LIMIT 3) UNION ALL (SELECT user_id FROM orders ORDER BY user_id DESC, id LIMIT 3) ORDER BY 1;
-- name: per_key_arms_joined
SELECT u.id, s.what FROM users u JOIN (SELECT user_id, 'o' AS what FROM orders UNION SELECT user_id, 'e' FROM events) s ON s.user_id = u.id WHERE u.id < 30;
-- name: whole_table
TABLE sparse UNION ALL TABLE sparse;
