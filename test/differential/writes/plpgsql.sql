-- name: do_writes
DO $$
BEGIN
    FOR i IN 1..20 LOOP
        INSERT INTO sparse VALUES (9000 + i, 'loop ' || i);
    END LOOP;
    UPDATE sparse SET v = upper(v) WHERE id > 9010;
    DELETE FROM sparse WHERE id = 9001;
END $$;
-- tables: sparse
-- name: function_writes
CREATE FUNCTION add_order(k bigint, n int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE result int;
BEGIN
    INSERT INTO orders (user_id, id, quantity, price) SELECT k, max(id) + 1, n, 2.5 FROM orders RETURNING id INTO result;
    UPDATE users SET score = score + n WHERE id = k;
    IF NOT FOUND THEN RAISE EXCEPTION 'no user %', k; END IF;
    RETURN result;
END $$;
SELECT add_order(7, 3);
SELECT add_order(8, 4);
-- error: 23503
SELECT add_order(987654, 1);
-- error: 23514
SELECT add_order(7, 0);
DROP FUNCTION add_order(bigint, int);
-- tables: users
-- name: exception_undoes
DO $$
BEGIN
    INSERT INTO sparse VALUES (9101, 'stays');
    BEGIN
        INSERT INTO sparse VALUES (9102, 'goes');
        UPDATE users SET age = 1;
        INSERT INTO sparse VALUES (1, 'again');
    EXCEPTION WHEN unique_violation THEN
        RAISE NOTICE 'caught %', SQLERRM;
        INSERT INTO sparse VALUES (9103, 'after');
    END;
END $$;
-- tables: sparse users
-- name: exception_in_loop
DO $$
DECLARE caught int = 0;
BEGIN
    FOR i IN 1..12 LOOP
        BEGIN
            INSERT INTO sparse VALUES (9200 + i % 7, 'n ' || i);
        EXCEPTION WHEN unique_violation THEN
            caught = caught + 1;
        END;
    END LOOP;
    RAISE NOTICE 'caught %', caught;
END $$;
-- tables: sparse
-- name: diagnostics
DO $$
DECLARE c text; t text; n int;
BEGIN
    UPDATE users SET age = 40 WHERE id BETWEEN 10 AND 30;
    GET DIAGNOSTICS n = ROW_COUNT;
    RAISE NOTICE '% %', n, FOUND;
    BEGIN
        UPDATE users SET age = -4 WHERE id = 10;
    EXCEPTION WHEN check_violation THEN
        GET STACKED DIAGNOSTICS c = CONSTRAINT_NAME, t = TABLE_NAME;
        RAISE NOTICE '% %', c, t;
    END;
END $$;
-- tables: users
-- name: loop_updates_what_it_reads
DO $$
DECLARE r record;
BEGIN
    FOR r IN SELECT id, age FROM users WHERE age IS NOT NULL ORDER BY id LOOP
        UPDATE users SET score = r.age WHERE id = r.id;
    END LOOP;
END $$;
-- tables: users
-- name: dynamic
DO $$
BEGIN
    EXECUTE format('INSERT INTO %I VALUES ($1, $2)', 'sparse') USING 9301, 'dynamic';
    EXECUTE 'UPDATE orders SET remark = $1 WHERE user_id = $2' USING 'dyn', 7;
END $$;
-- tables: sparse orders
-- name: procedure_with_transactions
CREATE PROCEDURE p() LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sparse VALUES (9401, 'first');
    COMMIT;
    INSERT INTO sparse VALUES (9402, 'second');
    UPDATE users SET age = 77;
    ROLLBACK;
    INSERT INTO sparse VALUES (9403, 'third');
END $$;
CALL p();
DROP PROCEDURE p();
-- tables: sparse users
-- name: sql_function
CREATE FUNCTION touch(bigint) RETURNS text LANGUAGE sql AS $$ UPDATE users SET age = 20 WHERE id = $1; UPDATE users SET name = name || '+' WHERE id = $1 RETURNING name $$;
SELECT touch(7), touch(8);
SELECT touch(id) FROM sparse WHERE id = 1;
DROP FUNCTION touch(bigint);
-- tables: users
-- name: returning_into_record
DO $$
DECLARE r users; t ticket;
BEGIN
    UPDATE users SET age = 31 WHERE id = 12 RETURNING * INTO r;
    RAISE NOTICE '% %', r.name, r.age;
    INSERT INTO ticket (account, subject) VALUES (2, 'x') RETURNING * INTO t;
    RAISE NOTICE '% % %', t.account, t.subject, t.length;
END $$;
-- tables: users ticket
-- name: return_query_of_write
CREATE FUNCTION f() RETURNS TABLE (k bigint, n text) LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY UPDATE users SET age = age + 1 WHERE id < 6 RETURNING id, name; END $$;
SELECT * FROM f();
DROP FUNCTION f();
-- tables: users
-- name: current_of
BEGIN;
DECLARE c CURSOR FOR SELECT id, name FROM users WHERE active ORDER BY id FOR UPDATE;
-- error: 24000
UPDATE users SET score = 5 WHERE CURRENT OF c;
ROLLBACK;
BEGIN;
DECLARE c CURSOR FOR SELECT id, name FROM users WHERE active ORDER BY id FOR UPDATE;
FETCH 2 FROM c;
UPDATE users SET score = 555 WHERE CURRENT OF c RETURNING id, score;
UPDATE users SET score = score + 1, name = 'twice' WHERE CURRENT OF c RETURNING id, score, name;
FETCH 1 FROM c;
UPDATE users SET name = 'next', age = (SELECT count(*) FROM items) WHERE CURRENT OF c;
FETCH 3 FROM c;
UPDATE users u SET name = n.body FROM note n WHERE n.user_id = u.id AND u.id = 5;
-- error: 42P01
UPDATE nothing SET a = 1 WHERE CURRENT OF c;
ROLLBACK;
BEGIN;
INSERT INTO events (user_id, kind) VALUES (990009, 'x');
DECLARE c CURSOR FOR SELECT * FROM events WHERE user_id = 990009 FOR UPDATE;
FETCH 1 FROM c;
DELETE FROM events WHERE CURRENT OF c;
DELETE FROM events WHERE CURRENT OF c;
-- error: 24000
DELETE FROM users WHERE CURRENT OF c;
ROLLBACK;
-- name: current_of_in_loop
CREATE FUNCTION age_all(lowest int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    c CURSOR (bound int) FOR SELECT u.id, u.age, c.continent FROM users u LEFT JOIN country c ON c.code = u.country WHERE u.id > bound ORDER BY u.id FOR UPDATE OF u;
    n int = 0;
BEGIN
    FOR r IN c (lowest) LOOP
        n = n + 1;
        IF r.age IS NULL THEN
            DELETE FROM orders WHERE user_id = r.id;
            UPDATE users SET age = 0, email = NULL WHERE CURRENT OF c;
        ELSE
            UPDATE users SET age = age + 1 WHERE CURRENT OF c;
        END IF;
        EXIT WHEN n > 14;
    END LOOP;
    RETURN n;
END
$$;
SELECT age_all(10);
SELECT age_all(20);
SELECT age_all(100000);
DROP FUNCTION age_all;
