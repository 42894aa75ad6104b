-- name: order_by_key
-- ordered
SELECT id, name FROM users ORDER BY id LIMIT 10;
-- name: order_by_key_desc
-- ordered
SELECT id FROM users ORDER BY id DESC;
-- name: order_by_other
-- ordered
SELECT id, age FROM users ORDER BY age NULLS FIRST, id DESC LIMIT 15 OFFSET 5;
-- name: order_by_hidden
-- ordered
SELECT name FROM users ORDER BY score, id LIMIT 8;
-- name: order_by_expression
-- ordered
SELECT id FROM users ORDER BY abs(age - 40), -id LIMIT 9;
-- name: order_by_collation
-- ordered
SELECT code, name FROM items ORDER BY name COLLATE "C" DESC NULLS LAST, code COLLATE "POSIX";
-- name: order_using
-- ordered
SELECT id FROM users ORDER BY id USING >;
-- name: limit_zero
SELECT * FROM users LIMIT 0;
-- name: limit_null
SELECT id FROM users LIMIT NULL OFFSET NULL;
-- name: limit_count
SELECT count(*) FROM (SELECT 1 FROM orders LIMIT 33) s;
-- name: limit_more_than_there_are
SELECT count(*) FROM (SELECT 1 FROM sparse LIMIT 1000) s;
-- name: offset_only
-- ordered
SELECT id FROM users ORDER BY id OFFSET 115;
-- name: offset_beyond
SELECT id FROM users OFFSET 1000;
-- name: with_ties
SELECT user_id, quantity FROM orders WHERE user_id = 7 ORDER BY quantity DESC FETCH FIRST 3 ROWS WITH TIES;
-- name: fetch_first
-- ordered
SELECT id FROM users ORDER BY id FETCH FIRST 4 ROWS ONLY;
-- name: negative
-- error: 2201W
SELECT id FROM users LIMIT -1;
-- name: joined
-- ordered
SELECT u.id, o.id FROM users u JOIN orders o ON o.user_id = u.id ORDER BY o.total DESC NULLS LAST, u.id, o.id LIMIT 11;
-- name: grouped
-- ordered
SELECT user_id, count(*) AS n FROM orders GROUP BY user_id ORDER BY n DESC, user_id LIMIT 6;
-- name: order_by_many
-- ordered
SELECT user_id, id, day, quantity FROM orders ORDER BY day DESC, quantity, user_id, id LIMIT 40;
-- name: order_by_text_of_number
-- ordered
SELECT id FROM users ORDER BY id::text LIMIT 20;
-- name: order_by_row
-- ordered
SELECT id FROM users ORDER BY (active, id) LIMIT 20;
-- name: order_by_enum
-- ordered
SELECT feeling, id FROM users ORDER BY feeling DESC NULLS LAST, id;
-- name: order_by_jsonb
-- ordered
SELECT id, profile -> 'level' FROM users ORDER BY profile -> 'level' NULLS LAST, id LIMIT 30;
-- name: limit_and_offset_overflow
-- ordered
SELECT id FROM users ORDER BY id LIMIT 9223372036854775807 OFFSET 3;
-- name: limit_and_offset_overflow_unordered
SELECT id FROM users LIMIT 9223372036854775807 OFFSET 0;
