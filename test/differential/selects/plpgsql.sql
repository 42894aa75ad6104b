-- name: function_reads_by_key
CREATE FUNCTION f(k bigint) RETURNS text LANGUAGE plpgsql AS $$ DECLARE n text; BEGIN SELECT name INTO n FROM users WHERE id = k; RETURN n; END $$;
SELECT f(1), f(2), f(NULL), f(1000);
SELECT f(g) FROM generate_series(1, 20) AS g;
DROP FUNCTION f(bigint);
-- name: function_counts
CREATE FUNCTION f(minimum int) RETURNS bigint LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (SELECT count(*) FROM orders WHERE quantity >= minimum); END $$;
SELECT f(g) FROM generate_series(1, 10) AS g;
DROP FUNCTION f(int);
-- name: function_per_row
CREATE FUNCTION f(k bigint) RETURNS bigint LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (SELECT count(*) FROM orders WHERE user_id = k); END $$;
SELECT id, f(id) FROM users WHERE id < 20;
DROP FUNCTION f(bigint);
-- name: returns_table
CREATE FUNCTION f(c text) RETURNS TABLE (id bigint, n bigint) LANGUAGE plpgsql AS $$
BEGIN RETURN QUERY SELECT u.id, count(o.id) FROM users u LEFT JOIN orders o ON o.user_id = u.id WHERE u.country = c GROUP BY u.id; END $$;
SELECT * FROM f('at');
SELECT f.id, u.name FROM f('de') f JOIN users u USING (id);
DROP FUNCTION f(text);
-- name: loop_over_query
CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $$
DECLARE r record; result text = '';
BEGIN
    FOR r IN SELECT id, name FROM users WHERE id < 15 ORDER BY id LOOP
        CONTINUE WHEN r.id % 2 = 0;
        result = result || r.name || ',';
    END LOOP;
    RETURN result;
END $$;
SELECT f();
DROP FUNCTION f();
-- name: loop_with_queries_inside
CREATE FUNCTION f() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE r record; n bigint; total bigint = 0;
BEGIN
    FOR r IN SELECT id FROM users ORDER BY id LOOP
        SELECT count(*) INTO n FROM orders WHERE user_id = r.id;
        total = total + n * r.id;
        EXIT WHEN total > 4000;
    END LOOP;
    RETURN total;
END $$;
SELECT f();
DROP FUNCTION f();
-- name: do_with_notices
DO $$
DECLARE r record;
BEGIN
    FOR r IN SELECT kind, count(*) AS n FROM events GROUP BY kind ORDER BY kind NULLS LAST LOOP
        RAISE NOTICE '%: %', r.kind, r.n;
    END LOOP;
END $$;
-- name: dynamic_sql
DO $$
DECLARE n bigint;
BEGIN
    EXECUTE 'SELECT count(*) FROM users WHERE id < $1 AND active' INTO n USING 50;
    RAISE NOTICE '%', n;
    EXECUTE format('SELECT sum(%I) FROM %I', 'quantity', 'orders') INTO n;
    RAISE NOTICE '%', n;
END $$;
-- name: found_and_row_count
DO $$
DECLARE n int; x users;
BEGIN
    SELECT * INTO x FROM users WHERE id = 12;
    RAISE NOTICE '% %', FOUND, x.name;
    SELECT * INTO x FROM users WHERE id = -12;
    RAISE NOTICE '% %', FOUND, x.name;
    PERFORM 1 FROM orders WHERE user_id = 7;
    GET DIAGNOSTICS n = ROW_COUNT;
    RAISE NOTICE '% %', FOUND, n;
END $$;
-- name: into_strict_no_rows
-- error: P0002
DO $$ DECLARE n text; BEGIN SELECT name INTO STRICT n FROM users WHERE id = -1; END $$;
-- name: into_strict_many_rows
-- error: P0003
DO $$ DECLARE n text; BEGIN SELECT name INTO STRICT n FROM users WHERE id < 10; END $$;
-- name: exception_block
DO $$
DECLARE n int;
BEGIN
    SELECT count(*) INTO n FROM users;
    BEGIN
        PERFORM 1 / (quantity - 1) FROM orders;
    EXCEPTION WHEN division_by_zero THEN
        RAISE NOTICE 'caught %', SQLSTATE;
    END;
    SELECT n + count(*) INTO n FROM orders;
    RAISE NOTICE '%', n;
END $$;
-- name: cursor_variable
DO $$
DECLARE c CURSOR (lowest int) FOR SELECT id FROM users WHERE id >= lowest ORDER BY id; k bigint;
BEGIN
    OPEN c(20);
    FETCH c INTO k;
    RAISE NOTICE '%', k;
    MOVE FORWARD 5 FROM c;
    FETCH c INTO k;
    RAISE NOTICE '%', k;
    CLOSE c;
END $$;
-- name: returned_cursor
CREATE FUNCTION f(refcursor) RETURNS refcursor LANGUAGE plpgsql AS $$ BEGIN OPEN $1 FOR SELECT id, v FROM sparse ORDER BY id; RETURN $1; END $$;
BEGIN;
SELECT f('mine');
-- ordered
FETCH ALL FROM mine;
COMMIT;
DROP FUNCTION f(refcursor);
-- name: recursive_function
CREATE FUNCTION f(k bigint) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN IF k > 100 THEN RETURN 0; END IF; RETURN (SELECT coalesce(age, 0) FROM users WHERE id = k) + f(k * 2); END $$;
SELECT f(3);
DROP FUNCTION f(bigint);
-- name: security_definer
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM users';
SELECT f();
DROP FUNCTION f();
