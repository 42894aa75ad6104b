-- name: by_key
UPDATE users SET age = age + 1, name = 'changed' WHERE id = 7;
-- name: by_key_not_there
UPDATE users SET age = 1 WHERE id = 999999;
-- name: by_key_null
UPDATE users SET age = 1 WHERE id = NULL;
-- name: by_null_key
UPDATE events SET amount = coalesce(amount, 0) + 100 WHERE user_id IS NULL;
-- name: by_key_returning
UPDATE orders SET quantity = quantity + 1 WHERE user_id = 7 AND id < 40 RETURNING id, quantity, total;
-- name: by_key_in
UPDATE users SET score = score + 1 WHERE id IN (1, 2, 3, 50) RETURNING id, score;
-- name: by_other_column
UPDATE users SET active = NOT active WHERE country = 'at';
-- name: by_other_column_returning
UPDATE orders SET remark = 'r' || id WHERE quantity = 5 RETURNING user_id, id, remark;
-- name: all_rows
UPDATE items SET stock = stock + 1, price = price * 1.1;
-- name: nothing
UPDATE items SET stock = 0 WHERE false;
-- name: to_default_and_null
UPDATE users SET score = DEFAULT, age = NULL, tags = NULL WHERE id < 10;
-- name: generated_column_follows
UPDATE orders SET price = 10 WHERE user_id = 7 AND quantity = 3 RETURNING id, total;
-- name: swapping
UPDATE orders SET quantity = id, id = id * 100 + quantity + 1000000 WHERE user_id = 15 RETURNING id, quantity;
-- name: array_element
UPDATE users SET tags[1] = 'first', tags[4] = 'fourth' WHERE id IN (1, 5, 8);
-- name: array_element_everywhere
UPDATE users SET tags[2] = 'x' WHERE age > 50;
-- name: composite_field
UPDATE items SET position.x = 99, position.label = 'moved' WHERE code = 'item-5';
UPDATE items SET position.y = (position).y + 1 WHERE category = 'toy';
-- name: row_assignment
UPDATE users SET (name, age) = ('both', 44) WHERE id = 12;
UPDATE users SET (age, name) = ROW(id, coalesce(country, '?')) WHERE id BETWEEN 20 AND 25;
-- name: row_from_subquery
UPDATE users SET (age, name) = (SELECT 50, name FROM country WHERE code = 'at') WHERE id = 13;
-- name: jsonb
UPDATE users SET profile = jsonb_set(profile, '{level}', to_jsonb(age)) WHERE profile ? 'level' AND age IS NOT NULL;
-- name: subscripted_jsonb
UPDATE users SET profile['level'] = '77', profile['new'] = '"n"' WHERE id = 9;
-- name: case
UPDATE items SET category = CASE category WHEN 'toy' THEN 'game' ELSE category END WHERE stock > 20;
-- name: from_reference
UPDATE users u SET name = c.name FROM country c WHERE c.code = u.country AND c.continent = 'Asia';
-- name: from_reference_by_key
UPDATE users u SET name = c.name FROM country c WHERE c.code = u.country AND u.id = 5 RETURNING u.id, u.name, c.continent;
-- name: from_colocated
UPDATE users u SET score = s.quantity FROM orders s WHERE s.user_id = u.id AND s.id = 30;
-- name: from_colocated_by_key
UPDATE orders o SET remark = left(u.name, 20) FROM users u WHERE u.id = o.user_id AND u.id = 7;
-- name: from_subquery_per_key
UPDATE users u SET score = s.n FROM (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id) s WHERE s.user_id = u.id;
-- name: from_values
UPDATE sparse SET v = n.v FROM (VALUES (1, 'uno'), (1000, 'mille')) AS n (id, v) WHERE n.id = sparse.id;
-- name: from_other_group
UPDATE orders o SET price = i.price FROM items i WHERE i.code = o.item_code AND i.category = 'book';
-- name: from_local
UPDATE users u SET name = n.body FROM note n WHERE n.user_id = u.id AND n.id < 5;
-- name: exists_colocated
UPDATE users u SET active = false WHERE EXISTS (SELECT 1 FROM orders o WHERE o.user_id = u.id AND o.quantity = 9);
-- name: in_reference
UPDATE users SET score = 1 WHERE country IN (SELECT code FROM country WHERE population > 100000000);
-- name: in_other_group
UPDATE orders SET remark = 'toy' WHERE item_code IN (SELECT code FROM items WHERE category = 'toy');
-- name: scalar_subquery_other
UPDATE users SET age = (SELECT max(stock) FROM items) WHERE id < 5;
-- name: scalar_subquery_colocated
UPDATE users u SET score = (SELECT coalesce(sum(quantity), 0) FROM orders o WHERE o.user_id = u.id) WHERE id < 40;
-- name: key_itself
UPDATE sparse SET id = id + 1 WHERE id = 1000;
-- name: key_to_same_value
UPDATE sparse SET id = id, v = 'same' WHERE id = 1;
-- name: reference
UPDATE country SET population = population + 1 WHERE continent = 'Europe' RETURNING code, population;
-- name: reference_by_key
UPDATE country SET area = 1 WHERE code = 'jp';
-- name: reference_from_itself
UPDATE country c SET population = (SELECT max(population) FROM country) WHERE code = 'xx';
-- name: local_from_distributed
UPDATE note n SET body = u.name FROM users u WHERE u.id = n.user_id;
-- name: odd_names
UPDATE filled SET "Odd Name" = "Odd Name" || '?', "select" = -1 WHERE k = 3 RETURNING *;
-- name: alias
UPDATE sparse AS s SET v = s.v || s.id WHERE s.id = 1 RETURNING s.*;
-- name: returning_whole_row
UPDATE sparse s SET v = 'w' WHERE id = 1 RETURNING s;
-- name: volatile_assignment
BEGIN;
-- differs
UPDATE empty_log SET n = random();
SELECT count(*) = count(DISTINCT n) FROM empty_log;
ROLLBACK;
-- name: volatile_in_expression
BEGIN;
-- differs
UPDATE items SET price = round((random() * 10)::numeric, 2) + 1000;
ROLLBACK;
-- name: now_is_one_value
BEGIN;
-- differs
UPDATE users SET created = now();
SELECT count(DISTINCT created), bool_and(created = now()) FROM users;
ROLLBACK;
-- name: view
CREATE VIEW v AS SELECT id AS k, name AS label FROM users WHERE active;
UPDATE v SET label = 'by view' WHERE k = 5;
UPDATE v SET label = label || '!' WHERE k < 12;
DROP VIEW v;
-- tables: users
-- name: view_with_check_option
CREATE VIEW v AS SELECT id, name, active FROM users WHERE active WITH CHECK OPTION;
-- error: 44000
UPDATE v SET active = false WHERE id = 5;
DROP VIEW v;
-- name: prepared
PREPARE u (bigint, int) AS UPDATE users SET age = $2 WHERE id = $1 RETURNING id, age;
EXECUTE u (1, 11);
EXECUTE u (2, 12);
EXECUTE u (3, NULL);
EXECUTE u (4, 14);
EXECUTE u (5, 15);
EXECUTE u (6, 16);
EXECUTE u (7, 17);
-- error: 23514
EXECUTE u (8, -1);
EXECUTE u (NULL, 1);
DEALLOCATE u;
-- tables: users
-- name: prepared_everywhere
SET plan_cache_mode = force_generic_plan;
PREPARE u (int, text) AS UPDATE users SET name = $2 WHERE age < $1;
EXECUTE u (30, 'young');
EXECUTE u (NULL, 'nobody');
-- error: 23502
-- any_detail
EXECUTE u (25, NULL);
DEALLOCATE u;
RESET plan_cache_mode;
