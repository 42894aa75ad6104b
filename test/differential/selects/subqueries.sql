-- name: exists_on_key
SELECT id FROM users u WHERE EXISTS (SELECT 1 FROM orders o WHERE o.user_id = u.id AND o.quantity > 8);
-- name: not_exists_on_key
SELECT id FROM users u WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.user_id = u.id);
-- name: exists_elsewhere
SELECT code FROM items i WHERE EXISTS (SELECT 1 FROM orders o WHERE o.item_code = i.code AND o.quantity > 8);
-- name: not_exists_elsewhere
SELECT code FROM items i WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.item_code = i.code);
-- name: exists_uncorrelated
SELECT count(*) FROM users WHERE EXISTS (SELECT FROM empty_log);
-- name: exists_as_value
SELECT id, EXISTS (SELECT 1 FROM orders o WHERE o.user_id = u.id) AS buys FROM users u WHERE id < 50;
-- name: exists_with_or
SELECT id FROM users u WHERE age < 22 OR EXISTS (SELECT 1 FROM orders o WHERE o.user_id = u.id AND o.total > 400);
-- name: in_key
SELECT id, name FROM users WHERE id IN (SELECT user_id FROM orders WHERE quantity = 9);
-- name: in_other
SELECT code FROM items WHERE code IN (SELECT item_code FROM orders WHERE total > 200);
-- name: in_column
SELECT id FROM users WHERE age IN (SELECT stock FROM items WHERE category = 'tool');
-- name: not_in_with_null
SELECT count(*) FROM users WHERE id NOT IN (SELECT user_id FROM events);
-- name: not_in_without_null
SELECT id FROM users WHERE id NOT IN (SELECT user_id FROM events WHERE user_id IS NOT NULL);
-- name: in_reference
SELECT id FROM users WHERE country IN (SELECT code FROM country WHERE continent = 'Asia');
-- name: reference_in_distributed
SELECT name FROM country WHERE code IN (SELECT country FROM users WHERE age > 60);
-- name: local_in_distributed
SELECT id FROM note WHERE user_id IN (SELECT user_id FROM orders);
-- name: distributed_in_local
SELECT id FROM users WHERE id IN (SELECT user_id FROM note);
-- name: any
SELECT id FROM users WHERE age = ANY (SELECT quantity * 10 FROM orders);
-- name: greater_all
SELECT id FROM users WHERE score >= ALL (SELECT score FROM users WHERE score IS NOT NULL);
-- name: less_any
SELECT count(*) FROM items WHERE price < ANY (SELECT price FROM orders WHERE user_id = 7);
-- name: all_of_empty
SELECT count(*) FROM items WHERE price > ALL (SELECT n FROM empty_log);
-- name: scalar
SELECT id, score - (SELECT avg(score) FROM users) AS above FROM users WHERE id < 12;
-- name: scalar_in_where
SELECT id, age FROM users WHERE age = (SELECT max(age) FROM users);
-- name: scalar_none
SELECT id, (SELECT v FROM empty_log) FROM sparse;
-- name: scalar_correlated
SELECT id, (SELECT sum(total) FROM orders o WHERE o.user_id = u.id AND o.quantity < 5) FROM users u;
-- name: scalar_correlated_elsewhere
SELECT code, (SELECT max(o.id) FROM orders o WHERE o.item_code = i.code) FROM items i;
-- name: scalar_correlated_reference
SELECT id, (SELECT name FROM country c WHERE c.code = u.country) FROM users u WHERE id < 40;
-- name: correlated_two_levels
SELECT id FROM users u WHERE age > (SELECT avg(x.age) FROM users x WHERE x.country = u.country AND EXISTS (SELECT 1 FROM orders o WHERE o.user_id = x.id AND o.quantity <= u.id));
-- name: correlated_having
SELECT country, count(*) FROM users u GROUP BY country HAVING count(*) > (SELECT count(*) / 10 FROM items i WHERE i.origin = u.country);
-- name: too_many_rows
-- error: 21000
SELECT (SELECT id FROM users);
-- name: too_many_rows_correlated
-- error: 21000
SELECT u.id, (SELECT o.id FROM orders o WHERE o.user_id = u.id) FROM users u WHERE u.id = 7;
-- name: row_in
SELECT user_id, id FROM orders WHERE (quantity, day) IN (SELECT quantity, max(day) FROM orders GROUP BY quantity);
-- name: row_equals
SELECT id FROM users WHERE (age, country) = (SELECT age, country FROM users WHERE id = 10);
-- name: array_of_subquery
SELECT id, ARRAY(SELECT o.id FROM orders o WHERE o.user_id = u.id ORDER BY o.id) FROM users u WHERE id < 12;
-- name: from_subquery
SELECT s.country, s.n FROM (SELECT country, count(*) AS n FROM users GROUP BY country) s WHERE s.n > 5;
-- name: from_subquery_joined
SELECT u.id, s.n, s.total FROM users u JOIN (SELECT user_id, count(*) AS n, sum(total) AS total FROM orders GROUP BY user_id) s ON s.user_id = u.id;
-- name: from_subquery_left
SELECT u.id, coalesce(s.n, 0) FROM users u LEFT JOIN (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id HAVING count(*) > 1) s ON s.user_id = u.id;
-- name: from_nested
SELECT max(n) FROM (SELECT count(*) AS n FROM (SELECT DISTINCT user_id, kind FROM events) a GROUP BY user_id) b;
-- name: from_limit
-- ordered
SELECT u.name, o.total FROM (SELECT * FROM orders WHERE total IS NOT NULL ORDER BY total DESC, user_id, id LIMIT 7) o JOIN users u ON u.id = o.user_id ORDER BY o.total DESC, u.id, o.id;
-- name: from_distinct_on
SELECT u.id, l.id FROM users u JOIN (SELECT DISTINCT ON (user_id) user_id, id FROM orders ORDER BY user_id, id DESC) l ON l.user_id = u.id;
-- name: from_two_aggregates
SELECT a.country, a.n, b.stock FROM (SELECT country, count(*) n FROM users GROUP BY 1) a JOIN (SELECT origin, sum(stock) stock FROM items GROUP BY 1) b ON a.country = b.origin;
-- name: in_case
SELECT id, CASE WHEN id IN (SELECT user_id FROM orders WHERE quantity = 1) THEN 'one' ELSE 'more' END FROM users WHERE id < 30;
-- name: in_order_by
-- ordered
SELECT id FROM users u WHERE id < 25 ORDER BY (SELECT count(*) FROM orders o WHERE o.user_id = u.id) DESC, id;
-- name: in_limit
-- ordered
SELECT id FROM users ORDER BY id LIMIT (SELECT count(*) FROM sparse) OFFSET (SELECT min(quantity) FROM orders);
-- name: in_aggregate_argument
SELECT country, sum((SELECT count(*) FROM orders o WHERE o.user_id = u.id)) FROM users u GROUP BY country;
-- name: in_filter
SELECT count(*) FILTER (WHERE id IN (SELECT user_id FROM events WHERE kind = 'buy')) FROM users;
-- name: in_join_condition
SELECT u.id, s.id FROM users u LEFT JOIN sparse s ON s.id = u.id AND u.id IN (SELECT user_id FROM orders) WHERE u.id < 10;
-- name: coalesce_of_subqueries
SELECT id, coalesce((SELECT min(o.id) FROM orders o WHERE o.user_id = u.id), (SELECT -count(*) FROM events e WHERE e.user_id = u.id), 0) FROM users u;
-- name: outer_aggregate_inside
SELECT country, (SELECT count(*) FROM items i WHERE i.stock > max(u.age)) FROM users u GROUP BY country;
-- name: semi_join_not_pulled_up
SELECT id FROM users u WHERE id IN (SELECT user_id FROM orders o WHERE o.quantity > 5 AND o.day > '2024-03-10' LIMIT 100000);
-- name: nested_in
SELECT name FROM country WHERE code IN (SELECT country FROM users WHERE id IN (SELECT user_id FROM orders WHERE item_code IN (SELECT code FROM items WHERE category = 'book')));
-- name: comparing_with_empty
SELECT count(*) FROM users WHERE id > (SELECT max(id) FROM empty_log);
