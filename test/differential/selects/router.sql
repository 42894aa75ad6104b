-- name: by_key
SELECT * FROM users WHERE id = 7;
-- name: by_key_not_there
SELECT * FROM users WHERE id = 100000;
-- name: by_key_other_width
SELECT id, name FROM users WHERE id = 7::smallint;
-- name: by_key_numeric
SELECT id, name FROM users WHERE id = 7.0;
-- name: by_key_numeric_fraction
SELECT id, name FROM users WHERE id = 7.5;
-- name: by_key_null
SELECT id FROM users WHERE id = NULL;
-- name: by_key_is_null
SELECT count(*), sum(amount) FROM events WHERE user_id IS NULL;
-- name: by_key_expression
SELECT id, name FROM users WHERE id = 3 + 4;
-- name: by_key_and_filter
SELECT id, name FROM users WHERE id = 8 AND active;
-- name: by_contradicting_keys
SELECT id FROM users WHERE id = 8 AND id = 9;
-- name: by_two_keys
SELECT id, name FROM users WHERE id = 8 OR id = 9;
-- name: by_key_in
SELECT id, name FROM users WHERE id IN (1, 5, 9, 1000, NULL);
-- name: by_key_any
SELECT id, name FROM users WHERE id = ANY (ARRAY[2, 4, 6]::bigint[]);
-- name: by_key_all
SELECT id, name FROM users WHERE id > ALL (ARRAY[2, 4, 115]);
-- name: by_key_not_in
SELECT count(*) FROM users WHERE id NOT IN (1, 2, 3);
-- name: by_key_range
SELECT id FROM users WHERE id BETWEEN 10 AND 20 AND NOT active;
-- name: by_key_or_other
SELECT id, name FROM users WHERE id = 5 OR age = 30;
-- name: by_key_with_or_inside
SELECT id, name FROM users WHERE id = 5 AND (age = 30 OR country = 'at' OR true);
-- name: colocated_join_by_key
SELECT u.name, o.id, o.total FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id = 7 AND o.quantity > 8;
-- name: three_colocated_by_key
SELECT u.name, o.id, e.kind FROM users u, orders o, events e
WHERE u.id = o.user_id AND e.user_id = o.user_id AND o.user_id = 15;
-- name: by_key_with_reference
SELECT u.name, c.name FROM users u JOIN country c ON c.code = u.country WHERE u.id = 5;
-- name: by_key_aggregate
SELECT count(*), sum(total), avg(quantity), min(day), max(placed), bool_or(quantity > 3) FROM orders WHERE user_id = 7;
-- name: by_key_group
-- ordered
SELECT quantity, count(*), sum(total) FROM orders WHERE user_id = 7 GROUP BY quantity HAVING count(*) > 2 ORDER BY quantity;
-- name: by_key_window
SELECT id, row_number() OVER (ORDER BY total DESC NULLS LAST, id), sum(quantity) OVER (PARTITION BY day) FROM orders WHERE user_id = 7;
-- name: by_key_subquery
SELECT name, (SELECT count(*) FROM orders o WHERE o.user_id = u.id) FROM users u WHERE id = 7;
-- name: by_key_exists
SELECT name FROM users u WHERE id = 7 AND EXISTS (SELECT FROM orders o WHERE o.user_id = u.id AND o.quantity = 9);
-- name: by_key_union
SELECT id FROM users WHERE id = 7 UNION ALL SELECT id FROM orders WHERE user_id = 7 AND quantity = 1;
-- name: by_different_keys_union
SELECT id FROM users WHERE id = 7 UNION ALL SELECT id FROM users WHERE id = 8;
-- name: by_text_key
SELECT code, name, price FROM items WHERE code = 'item-12';
-- name: by_text_key_concatenated
SELECT code, name FROM items WHERE code = 'item-' || 12;
-- name: by_text_key_varchar
SELECT code, name FROM items WHERE code = 'item-12'::varchar;
-- name: by_text_key_name
SELECT code, name FROM items WHERE code = 'item-12'::name;
-- name: by_text_key_collated
SELECT code, name FROM items WHERE code = 'item-12' COLLATE "C";
-- name: by_text_key_like
SELECT code FROM items WHERE code LIKE 'item-1%';
-- name: by_text_key_in
-- ordered
SELECT code, stock FROM items WHERE code IN ('item-1', 'item-22', 'none') ORDER BY code;
-- name: by_key_limit
-- ordered
SELECT id, total FROM orders WHERE user_id = 7 ORDER BY total DESC NULLS LAST, id LIMIT 5 OFFSET 2;
-- name: by_key_cte
WITH mine AS (SELECT * FROM orders WHERE user_id = 7) SELECT count(*), sum(quantity) FROM mine WHERE price > 40;
-- name: by_key_values_join
SELECT v.n, u.name FROM (VALUES (1, 'a'), (2, 'b')) AS v (n, t) JOIN users u ON u.id = 3;
-- name: by_key_same_row_twice
SELECT a.id, b.id FROM users a, users b WHERE a.id = 3 AND b.id = a.id;
-- name: by_keys_on_two_shards
SELECT a.name, b.name FROM users a, users b WHERE a.id = 3 AND b.id = 44;
-- name: by_key_distinct
SELECT DISTINCT quantity FROM orders WHERE user_id = 7;
-- name: odd_names
SELECT "Odd Name", "select" FROM filled WHERE k = 5;
-- name: odd_names_aliased
SELECT "T"."Odd Name" AS "a ""quoted"" name" FROM filled AS "T" WHERE "T".k = 5 AND "T"."select" > 3;
-- name: constant_false
SELECT id FROM users WHERE false;
-- name: constant_false_by_key
SELECT id FROM users WHERE id = 7 AND 1 = 2;
-- name: no_columns
SELECT FROM users WHERE id = 7;
-- name: reference_table
-- ordered
SELECT * FROM country ORDER BY code;
-- name: reference_by_key
SELECT name, population FROM country WHERE code = 'ci';
