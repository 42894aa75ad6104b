-- name: colocated
SELECT u.id, o.id, o.total FROM users u JOIN orders o ON u.id = o.user_id WHERE o.quantity > 6;
-- name: colocated_using
SELECT count(*), sum(o.amount + e.value) FROM events o JOIN events e USING (user_id) WHERE e.kind = 'buy';
-- name: colocated_left
SELECT u.id, u.name, o.id FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.quantity = 9;
-- name: colocated_right
SELECT u.id, e.kind, e.amount FROM users u RIGHT JOIN events e ON e.user_id = u.id;
-- name: colocated_full
SELECT u.id, e.user_id, e.kind FROM users u FULL JOIN events e ON e.user_id = u.id AND u.active;
-- name: colocated_full_where_null
SELECT count(*) FILTER (WHERE u.id IS NULL), count(*) FILTER (WHERE e.user_id IS NULL) FROM users u FULL JOIN events e ON e.user_id = u.id;
-- name: anti_by_left_join
SELECT u.id FROM users u LEFT JOIN orders o ON o.user_id = u.id WHERE o.user_id IS NULL;
-- name: condition_on_outer_side
SELECT u.id, o.id FROM users u LEFT JOIN orders o ON o.user_id = u.id AND u.age > 60 WHERE u.id < 20;
-- name: filter_above_outer
SELECT u.id, o.id FROM users u LEFT JOIN orders o ON o.user_id = u.id WHERE coalesce(o.quantity, 0) < 2 AND u.id < 50;
-- name: cross
SELECT count(*), sum(u.id * s.id) FROM users u CROSS JOIN sparse s;
-- name: cross_with_itself
SELECT count(*) FROM sparse a, sparse b, sparse c;
-- name: natural
SELECT count(*) FROM users NATURAL JOIN (SELECT id, name FROM users WHERE id < 30) s;
-- name: not_on_key
SELECT a.id, b.id FROM users a JOIN users b ON a.age = b.age AND a.id < b.id;
-- name: non_colocated
SELECT o.user_id, o.id, i.name, i.price FROM orders o JOIN items i ON i.code = o.item_code WHERE i.category = 'toy';
-- name: non_colocated_left
SELECT i.code, o.id FROM items i LEFT JOIN orders o ON o.item_code = i.code AND o.quantity > 7;
-- name: non_colocated_full
SELECT i.code, o.user_id, o.id FROM items i FULL JOIN (SELECT * FROM orders WHERE quantity > 7) o ON o.item_code = i.code;
-- name: non_equi
SELECT u.id, i.code FROM users u JOIN items i ON i.stock < u.age - 70;
-- name: inequality_left
SELECT s.id, u.id FROM sparse s LEFT JOIN users u ON u.id > s.id + 115;
-- name: reference_inner
SELECT u.id, c.name FROM users u JOIN country c ON c.code = u.country WHERE c.continent = 'America';
-- name: reference_left
SELECT u.id, c.name FROM users u LEFT JOIN country c ON c.code = u.country;
-- name: reference_outer_side
SELECT c.code, u.id FROM country c LEFT JOIN users u ON u.country = c.code AND u.age < 30;
-- name: reference_full
SELECT c.code, u.id FROM country c FULL JOIN users u ON u.country = c.code;
-- name: reference_cross
SELECT count(*), sum(c.population) FROM users u, country c WHERE u.id < 10;
-- name: reference_twice
SELECT u.id, c.name, d.name FROM users u JOIN country c ON c.code = u.country JOIN country d ON d.continent = c.continent AND d.code <> c.code;
-- name: reference_only
SELECT a.name, b.name FROM country a JOIN country b ON a.continent = b.continent AND a.code < b.code;
-- name: local_inner
SELECT n.id, n.body, u.name FROM note n JOIN users u ON u.id = n.user_id;
-- name: local_left
SELECT n.id, u.name FROM note n LEFT JOIN users u ON u.id = n.user_id AND u.active;
-- name: local_right
SELECT n.id, i.code FROM note n RIGHT JOIN items i ON i.code = n.code;
-- name: local_and_reference
SELECT n.id, c.name FROM note n CROSS JOIN country c WHERE n.id < 4 AND c.continent IS NOT NULL;
-- name: all_kinds
SELECT u.id, o.id, i.name, c.name, n.body
FROM users u JOIN orders o ON o.user_id = u.id JOIN items i ON i.code = o.item_code
LEFT JOIN country c ON c.code = i.origin LEFT JOIN note n ON n.user_id = u.id WHERE o.quantity > 5;
-- name: nested_outer
SELECT u.id, o.id, i.code FROM users u LEFT JOIN (orders o JOIN items i ON i.code = o.item_code AND i.stock > 50) ON o.user_id = u.id WHERE u.id < 40;
-- name: nested_outer_left_left
SELECT u.id, o.id, e.kind FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.quantity = 3 LEFT JOIN events e ON e.user_id = u.id AND e.amount = o.quantity;
-- name: nested_full
SELECT a.id, b.id, c.id FROM (SELECT id FROM users WHERE id % 2 = 0) a FULL JOIN (SELECT id FROM users WHERE id % 3 = 0) b USING (id) FULL JOIN sparse c USING (id);
-- name: parenthesised_alias
SELECT j.* FROM (users u JOIN sparse s ON s.id = u.id) AS j (a, b, c);
-- name: join_using_alias
SELECT x.user_id, count(*) FROM orders JOIN events USING (user_id) AS x GROUP BY x.user_id;
-- name: self_join_on_key
SELECT a.id, b.id FROM orders a JOIN orders b ON a.user_id = b.user_id AND a.id < b.id AND a.day = b.day;
-- name: null_keys_never_join
SELECT count(*) FROM events a JOIN events b ON a.user_id = b.user_id;
-- name: null_keys_is_not_distinct
SELECT count(*) FROM events a JOIN events b ON a.user_id IS NOT DISTINCT FROM b.user_id AND a.kind = b.kind;
-- name: join_on_true
SELECT count(*) FROM sparse LEFT JOIN empty_log ON true;
-- name: empty_inner
SELECT * FROM users u JOIN empty_log e ON e.id = u.id;
-- name: empty_left
SELECT u.id, e.v FROM users u LEFT JOIN empty_log e ON e.id = u.id WHERE u.id < 5;
-- name: comma_and_where
SELECT u.id, s.v FROM users u, sparse s WHERE u.id = s.id;
-- name: transitively_on_key
SELECT u.id, e.amount FROM users u, orders o, events e WHERE u.id = o.user_id AND o.user_id = e.user_id AND o.quantity = 9;
-- name: key_with_other_column
SELECT u.id, o.id FROM users u JOIN orders o ON u.id = o.quantity WHERE o.id < 60;
-- name: key_expression
SELECT u.id, o.id FROM users u JOIN orders o ON u.id = o.user_id + 1 WHERE o.id < 60;
-- name: values_left
SELECT v.k, u.name FROM (VALUES (1), (2), (500), (NULL)) AS v (k) LEFT JOIN users u ON u.id = v.k;
-- name: generate_series
SELECT g, count(o.id) FROM generate_series(date '2024-03-01', date '2024-03-10', interval '1 day') AS g LEFT JOIN orders o ON o.day = g GROUP BY g;
-- name: unnest
SELECT u.id, t FROM users u, unnest(u.tags) AS t WHERE u.id < 20;
-- name: unnest_ordinality
SELECT u.id, t, n FROM users u CROSS JOIN LATERAL unnest(u.tags) WITH ORDINALITY AS x (t, n) WHERE u.id < 20;
-- name: rows_from
SELECT x.* FROM ROWS FROM (generate_series(1, 3), unnest(ARRAY['a', 'b'])) AS x (a, b), sparse;
-- name: lateral_key
SELECT u.id, l.n, l.best FROM users u, LATERAL (SELECT count(*) AS n, max(total) AS best FROM orders o WHERE o.user_id = u.id) l WHERE u.id < 60;
-- name: lateral_limit
SELECT u.id, l.id FROM users u CROSS JOIN LATERAL (SELECT o.id FROM orders o WHERE o.user_id = u.id ORDER BY o.id DESC LIMIT 2) l;
-- name: lateral_left
SELECT u.id, l.code FROM users u LEFT JOIN LATERAL (SELECT i.code FROM items i WHERE i.stock = u.age ORDER BY i.code LIMIT 1) l ON true;
-- name: lateral_chain
SELECT u.id, a.x, b.y FROM users u, LATERAL (SELECT u.age * 2 AS x) a, LATERAL (SELECT count(*) AS y FROM events e WHERE e.user_id = u.id AND e.amount < a.x) b WHERE u.id < 30;
-- name: lateral_union
SELECT u.id, l.what FROM users u, LATERAL (SELECT 'order ' || o.id AS what FROM orders o WHERE o.user_id = u.id UNION ALL SELECT e.kind FROM events e WHERE e.user_id = u.id) l WHERE u.id BETWEEN 10 AND 20;
-- name: lateral_reference
SELECT c.code, l.n FROM country c, LATERAL (SELECT count(*) AS n FROM users u WHERE u.country = c.code AND u.age > 30) l;
-- name: merge_on_dates
SELECT a.user_id, a.id, b.id FROM orders a JOIN orders b ON a.day = b.day AND a.user_id <> b.user_id WHERE a.quantity = 9 AND b.quantity = 9;
-- name: eight_relations
SELECT count(*) FROM users a JOIN orders b ON b.user_id = a.id JOIN events c ON c.user_id = a.id JOIN items d ON d.code = b.item_code
JOIN country e ON e.code = a.country LEFT JOIN sparse f ON f.id = a.id LEFT JOIN note g ON g.user_id = a.id LEFT JOIN empty_log h ON h.id = a.id;
