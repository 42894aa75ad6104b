-- name: every_row
SELECT id, name FROM users WHERE age > 40 FOR UPDATE;
-- name: every_strength
SELECT id FROM users WHERE age > 60 FOR NO KEY UPDATE;
SELECT id FROM users WHERE age > 60 FOR SHARE;
SELECT id FROM users WHERE age > 60 FOR KEY SHARE NOWAIT;
SELECT id FROM users WHERE age > 60 FOR UPDATE SKIP LOCKED;
-- name: ordered
-- ordered
SELECT id, age + 1 AS older FROM users ORDER BY age DESC NULLS LAST, id FOR UPDATE;
-- name: first
-- ordered
SELECT id, name FROM users WHERE active ORDER BY id LIMIT 5 FOR UPDATE SKIP LOCKED;
-- name: offset
-- ordered
SELECT id, name FROM users ORDER BY id OFFSET 3 LIMIT 4 FOR UPDATE;
-- name: with_ties
SELECT age, id FROM users ORDER BY age FETCH FIRST 3 ROWS WITH TIES FOR UPDATE;
-- name: limit_parameter
PREPARE q (int, int) AS SELECT id FROM users WHERE age > $2 ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED;
EXECUTE q (3, 20);
EXECUTE q (4, 30);
EXECUTE q (NULL, 70);
EXECUTE q (1, 30);
EXECUTE q (2, 30);
EXECUTE q (5, 40);
EXECUTE q (6, 20);
DEALLOCATE q;
-- name: generic_plan
PREPARE q (int, text) AS SELECT id, name || $2 FROM users WHERE age > $1 AND name <> $2 FOR UPDATE;
EXECUTE q (60, 'a');
EXECUTE q (61, 'b');
EXECUTE q (62, 'c');
EXECUTE q (63, 'd');
EXECUTE q (64, 'e');
EXECUTE q (65, 'f');
EXECUTE q (NULL, 'f');
DEALLOCATE q;
-- name: in_and_any
SELECT id, name FROM users WHERE id IN (3, 9, 27) FOR UPDATE;
SELECT user_id, id FROM orders WHERE user_id = ANY ('{7, 8}') AND quantity > 7 FOR SHARE;
-- name: null_key
SELECT kind, amount FROM events WHERE user_id IS NULL FOR UPDATE;
SELECT kind, amount FROM events WHERE user_id IS NULL OR user_id = 3 FOR UPDATE;
-- name: nothing
SELECT id FROM users WHERE age > 1000 FOR UPDATE;
SELECT * FROM empty_log ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED;
-- name: whole_row
SELECT u FROM users u WHERE id < 5 FOR UPDATE;
SELECT u, u.id FROM users u WHERE id < 5 ORDER BY u.id LIMIT 2 FOR UPDATE;
-- name: dropped_column
SELECT * FROM filled WHERE k > 14 FOR UPDATE;
-- ordered
SELECT * FROM filled WHERE k > 14 ORDER BY k, "select" LIMIT 3 FOR UPDATE;
-- name: all_types
SELECT * FROM items WHERE stock > 5 FOR UPDATE;
-- ordered
SELECT * FROM items ORDER BY code LIMIT 5 FOR UPDATE;
-- name: functions_of_the_coordinator
SELECT id, random() < 2 AS yes, current_setting('search_path') <> '' FROM users WHERE age > 60 FOR UPDATE;
SELECT id FROM users WHERE age > 60 AND random() < 2 FOR UPDATE;
-- name: colocated_join
SELECT u.id, o.id, o.total FROM users u JOIN orders o ON o.user_id = u.id WHERE o.quantity > 7 FOR UPDATE;
SELECT u.id, o.id, o.total FROM users u JOIN orders o ON o.user_id = u.id WHERE o.quantity > 7 FOR UPDATE OF o FOR SHARE OF u;
-- name: colocated_left_join
SELECT u.id, o.id FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.quantity = 9 WHERE u.age > 50 FOR UPDATE OF u;
-- error: 0A000
SELECT u.id, o.id FROM users u LEFT JOIN orders o ON o.user_id = u.id FOR UPDATE;
-- name: reference_join
SELECT u.id, c.name FROM users u JOIN country c ON c.code = u.country WHERE u.age > 50 FOR UPDATE OF u;
SELECT u.id, c.name FROM users u JOIN country c ON c.code = u.country WHERE u.age > 50 FOR UPDATE;
SELECT u.id, c.name FROM users u JOIN country c ON c.code = u.country WHERE u.age > 50 FOR KEY SHARE OF c;
-- name: join_otherwise
SELECT o.user_id, o.id, i.name FROM orders o JOIN items i ON i.code = o.item_code WHERE o.quantity > 6 FOR UPDATE;
SELECT o.user_id, o.id, i.name FROM orders o LEFT JOIN items i ON i.code = o.item_code WHERE o.quantity > 6 FOR UPDATE OF o;
-- ordered
SELECT o.user_id, o.id, i.name FROM orders o JOIN items i ON i.code = o.item_code ORDER BY o.id LIMIT 7 FOR UPDATE OF i SKIP LOCKED;
-- name: self_join
SELECT a.id, b.id FROM users a, users b WHERE a.age = b.age + 1 AND a.id < 20 FOR UPDATE OF a NOWAIT;
-- name: local_join
SELECT n.id, u.name FROM note n JOIN users u ON u.id = n.user_id FOR UPDATE;
SELECT n.id, u.name FROM note n JOIN users u ON u.id = n.user_id FOR SHARE OF u;
-- name: semi_join
SELECT id FROM users u WHERE EXISTS (SELECT FROM orders o WHERE o.user_id = u.id AND o.quantity = 9) FOR UPDATE;
SELECT id FROM users u WHERE NOT EXISTS (SELECT FROM orders o WHERE o.user_id = u.id) FOR UPDATE;
SELECT id FROM users u WHERE id IN (SELECT user_id FROM orders WHERE quantity = 9) ORDER BY id LIMIT 3 FOR UPDATE;
SELECT id FROM users WHERE country IN (SELECT code FROM country WHERE continent = 'Asia') FOR UPDATE;
-- name: scalar_subquery
SELECT id, (SELECT max(quantity) FROM orders o WHERE o.user_id = u.id) AS most FROM users u WHERE age > 50 FOR UPDATE;
SELECT id FROM users WHERE age > (SELECT avg(age) FROM users) FOR UPDATE;
-- name: from_subquery
SELECT * FROM (SELECT id, age FROM users WHERE age > 50) s FOR UPDATE;
SELECT * FROM (SELECT id, age FROM users WHERE age > 50 FOR UPDATE) s WHERE id % 2 = 0;
-- ordered
SELECT * FROM (SELECT id, age FROM users ORDER BY id LIMIT 5 FOR UPDATE SKIP LOCKED) s ORDER BY age, id;
SELECT count(*), sum(age) FROM (SELECT age FROM users WHERE active FOR UPDATE) s;
-- name: pushed_down_locks
SELECT u.id, s.n FROM users u JOIN (SELECT user_id, count(*) AS n FROM orders GROUP BY 1) s ON s.user_id = u.id FOR UPDATE OF u;
-- name: with_query
WITH next AS (SELECT id FROM users ORDER BY id LIMIT 5 FOR UPDATE) SELECT u.id, u.name FROM users u JOIN next USING (id);
WITH next AS (SELECT id, name FROM users WHERE age > 60 FOR UPDATE) SELECT count(*) FROM next;
-- name: sublink
SELECT count(*) FROM orders WHERE user_id IN (SELECT id FROM users ORDER BY id LIMIT 9 FOR UPDATE SKIP LOCKED);
-- name: correlated_sublink
SELECT u.id, (SELECT o.id FROM orders o WHERE o.user_id = u.id ORDER BY o.id LIMIT 1 FOR UPDATE) AS first FROM users u WHERE age > 50;
-- name: not_allowed
-- error: 0A000
SELECT age, count(*) FROM users GROUP BY age FOR UPDATE;
-- error: 0A000
SELECT DISTINCT age FROM users FOR UPDATE;
-- error: 0A000
SELECT id FROM users UNION SELECT id FROM orders FOR UPDATE;
-- error: 0A000
SELECT rank() OVER (ORDER BY age) FROM users FOR UPDATE;
-- error: 42P01
SELECT id FROM users FOR UPDATE OF nobody;
-- name: read_only
BEGIN READ ONLY;
-- error: 25006
SELECT id FROM users FOR UPDATE;
ROLLBACK;
-- name: repeatable_read
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT id FROM users WHERE age > 50 FOR UPDATE;
-- ordered
SELECT id FROM users ORDER BY id LIMIT 3 FOR UPDATE;
UPDATE users SET age = age + 1 WHERE id < 4;
-- ordered
SELECT id, age FROM users ORDER BY id LIMIT 5 FOR UPDATE;
ROLLBACK;
-- name: own_changes
BEGIN;
UPDATE users SET age = age + 1 WHERE id < 4;
SELECT id, age FROM users WHERE id < 7 FOR UPDATE;
DELETE FROM events WHERE user_id < 20;
SELECT count(*) FROM (SELECT FROM events FOR UPDATE) s;
-- ordered
SELECT id, age FROM users ORDER BY id LIMIT 5 FOR UPDATE;
SAVEPOINT s;
-- ordered
SELECT id, age FROM users ORDER BY id OFFSET 5 LIMIT 5 FOR UPDATE;
ROLLBACK TO s;
ROLLBACK;
-- name: cursor
BEGIN;
DECLARE c CURSOR FOR SELECT id, name FROM users ORDER BY id FOR UPDATE;
FETCH 3 FROM c;
FETCH 2 FROM c;
MOVE 4 FROM c;
FETCH 1 FROM c;
CLOSE c;
ROLLBACK;
-- name: in_function
CREATE FUNCTION take(n int) RETURNS SETOF bigint LANGUAGE plpgsql AS $$
DECLARE r record;
BEGIN
    FOR r IN SELECT id FROM users WHERE age > 20 ORDER BY id LIMIT n FOR UPDATE SKIP LOCKED LOOP
        RETURN NEXT r.id;
    END LOOP;
    PERFORM 1 FROM orders WHERE quantity = 9 FOR SHARE;
END
$$;
SELECT * FROM take(3);
SELECT * FROM take(5);
DROP FUNCTION take;
-- name: in_sql_function
CREATE FUNCTION take(n int) RETURNS SETOF bigint LANGUAGE sql AS 'SELECT id FROM users ORDER BY id LIMIT n FOR UPDATE';
SELECT * FROM take(3);
SELECT count(*) FROM users WHERE id IN (SELECT take(4));
DROP FUNCTION take;
-- name: sample
SELECT count(*), sum(id) FROM users TABLESAMPLE BERNOULLI (100);
SELECT count(*) FROM orders TABLESAMPLE SYSTEM (0);
SELECT u.id, o.id FROM users u TABLESAMPLE BERNOULLI (100) JOIN orders o TABLESAMPLE SYSTEM (100) REPEATABLE (3) ON o.user_id = u.id WHERE u.age > 60;
-- error: 2202H
-- any_detail
SELECT id FROM users TABLESAMPLE BERNOULLI (101);
-- error: 2202H
SELECT id FROM users TABLESAMPLE BERNOULLI (NULL);
SELECT u.id, c.name FROM users u JOIN country c TABLESAMPLE BERNOULLI (100) ON c.code = u.country WHERE u.age > 60;
-- name: alternatives_of_the_key
SELECT * FROM users WHERE id = 3 OR id = 9 OR id IN (12, 13) AND active;
SELECT * FROM events WHERE user_id = 3 OR user_id IS NULL AND kind = 'buy';
SELECT * FROM items WHERE code = 'item-3' OR code = 'item-4' AND stock > 0 OR code IN ('item-5', NULL);
SELECT count(*) FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id = 7 OR u.id = 8 AND o.quantity = 3;
SELECT count(*) FROM users WHERE (id = 3 OR id = 4) AND (id = 4 OR id = 5);
SELECT count(*) FROM users WHERE id = 3 OR id = 4::bigint OR id = 5.0 OR id = 6::smallint;
