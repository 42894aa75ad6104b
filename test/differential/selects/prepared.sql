-- name: by_key
PREPARE q (bigint) AS SELECT id, name, age FROM users WHERE id = $1;
EXECUTE q (1);
EXECUTE q (2);
EXECUTE q (3);
EXECUTE q (4);
EXECUTE q (5);
EXECUTE q (6);
EXECUTE q (7);
EXECUTE q (NULL);
EXECUTE q (99999);
DEALLOCATE q;
-- name: by_text_key
PREPARE q (text) AS SELECT code, name, price FROM items WHERE code = $1;
EXECUTE q ('item-1');
EXECUTE q ('item-2');
EXECUTE q ('item-3');
EXECUTE q ('item-4');
EXECUTE q ('item-5');
EXECUTE q ('item-6');
EXECUTE q ('item-7');
EXECUTE q ('it''em');
DEALLOCATE q;
-- name: generic_by_key
SET plan_cache_mode = force_generic_plan;
PREPARE q (int, text) AS SELECT count(*), max(o.id) FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id = $1 AND (o.remark = $2 OR $2 IS NULL);
EXECUTE q (7, 'remark 8');
EXECUTE q (7, NULL);
EXECUTE q (NULL, NULL);
EXECUTE q (15, 'x');
DEALLOCATE q;
RESET plan_cache_mode;
-- name: generic_in_list
SET plan_cache_mode = force_generic_plan;
PREPARE q (int, int, int) AS SELECT id, name FROM users WHERE id IN ($1, $2, $3);
EXECUTE q (1, 2, 3);
EXECUTE q (1, 1, NULL);
EXECUTE q (1000, -1, 50);
DEALLOCATE q;
RESET plan_cache_mode;
-- name: array_parameter
PREPARE q (bigint[]) AS SELECT id, name FROM users WHERE id = ANY ($1);
EXECUTE q ('{1,2,3}');
EXECUTE q ('{}');
EXECUTE q ('{NULL,4}');
EXECUTE q (NULL);
EXECUTE q ('{5,5}');
EXECUTE q ('{6,7,8,9,10}');
EXECUTE q ('{11}');
DEALLOCATE q;
-- name: not_by_key
PREPARE q (int, numeric) AS SELECT id, age FROM users WHERE age > $1 AND score < $2;
EXECUTE q (30, 500);
EXECUTE q (31, 500);
EXECUTE q (32, 500);
EXECUTE q (33, 500);
EXECUTE q (34, 500);
EXECUTE q (35, 500);
EXECUTE q (NULL, 500);
DEALLOCATE q;
-- name: limit_parameter
PREPARE q (int, int) AS SELECT id FROM users ORDER BY id LIMIT $1 OFFSET $2;
-- ordered
EXECUTE q (3, 0);
-- ordered
EXECUTE q (3, 10);
-- ordered
EXECUTE q (NULL, 117);
DEALLOCATE q;
-- name: aggregate_with_parameter
SET plan_cache_mode = force_generic_plan;
PREPARE q (int) AS SELECT country, sum(age + $1), count(*) FILTER (WHERE age > $1) FROM users GROUP BY country HAVING count(*) > $1 / 10;
EXECUTE q (10);
EXECUTE q (50);
EXECUTE q (NULL);
DEALLOCATE q;
RESET plan_cache_mode;
-- name: correlated_with_parameter
SET plan_cache_mode = force_generic_plan;
PREPARE q (int) AS SELECT id, (SELECT count(*) FROM orders o WHERE o.user_id = u.id AND o.quantity > $1) FROM users u WHERE u.id < $1 * 10;
EXECUTE q (2);
EXECUTE q (3);
DEALLOCATE q;
RESET plan_cache_mode;
-- name: parameter_types
PREPARE q (mood, positive, timestamptz, jsonb, text[], bool) AS
SELECT id FROM users WHERE feeling = $1 AND age > $2 AND created > $3 AND (profile @> $4 OR tags && $5) AND active = $6;
EXECUTE q ('fine', 20, '2024-01-02', '{"level": 2}', '{t1}', true);
EXECUTE q ('über', 30, '2024-01-02', '{}', NULL, true);
DEALLOCATE q;
-- name: parameter_only_in_target
PREPARE q (text, int) AS SELECT $1 || name, $2 FROM users WHERE id = $2;
EXECUTE q ('Mx ', 5);
EXECUTE q (NULL, 6);
DEALLOCATE q;
-- name: two_keys
PREPARE q (int, int) AS SELECT a.name, b.name FROM users a, users b WHERE a.id = $1 AND b.id = $2;
EXECUTE q (1, 2);
EXECUTE q (3, 3);
EXECUTE q (4, NULL);
DEALLOCATE q;
-- name: union_of_keys
PREPARE q (int, int) AS SELECT id FROM users WHERE id = $1 UNION SELECT user_id FROM orders WHERE user_id = $2;
EXECUTE q (7, 7);
EXECUTE q (1, 7);
DEALLOCATE q;
-- name: sees_new_columns
CREATE VIEW v AS SELECT id, name FROM users;
PREPARE q AS SELECT count(*) FROM v WHERE id < 10;
EXECUTE q;
DROP VIEW v;
-- error: 42P01
EXECUTE q;
DEALLOCATE q;
-- name: wrong_parameters
PREPARE q (int) AS SELECT id FROM users WHERE id = $1;
-- error: 42601
EXECUTE q;
-- error: 22P02
EXECUTE q ('x');
DEALLOCATE q;
-- name: tables_by_parameter_out_of_range
PREPARE q (bigint) AS SELECT id FROM sparse WHERE id = $1;
EXECUTE q (1);
EXECUTE q (99999999999999);
DEALLOCATE q;
-- name: reference_by_parameter
PREPARE q (text) AS SELECT name FROM country WHERE code = $1;
EXECUTE q ('at');
EXECUTE q ('zz');
DEALLOCATE q;
