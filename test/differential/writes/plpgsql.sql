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
