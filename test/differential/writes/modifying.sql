-- name: cte_delete_insert
WITH moved AS (DELETE FROM orders WHERE quantity = 4 RETURNING user_id, id) INSERT INTO events (user_id, kind, amount) SELECT user_id, 'moved', id FROM moved;
-- name: cte_delete_counted
WITH gone AS (DELETE FROM events WHERE kind = 'logout' RETURNING *) SELECT user_id, count(*) FROM gone GROUP BY user_id;
-- name: cte_by_key
WITH changed AS (UPDATE users SET age = 50 WHERE id = 7 RETURNING id, age) SELECT * FROM changed;
-- name: cte_insert_returning
WITH made AS (INSERT INTO sparse VALUES (8001, 'a'), (8002, 'b') RETURNING id) SELECT count(*), sum(id) FROM made;
-- name: merge
MERGE INTO sparse s USING (VALUES (1, 'merged'), (8101, 'new')) AS n (id, v) ON s.id = n.id WHEN MATCHED THEN UPDATE SET v = n.v WHEN NOT MATCHED THEN INSERT VALUES (n.id, n.v);
-- name: merge_colocated
MERGE INTO users u USING (SELECT user_id, count(*) AS n FROM events WHERE user_id IS NOT NULL GROUP BY user_id) e ON e.user_id = u.id WHEN MATCHED AND e.n > 2 THEN UPDATE SET score = e.n WHEN MATCHED THEN DO NOTHING;
-- name: cte_chain
WITH gone AS (DELETE FROM orders WHERE quantity = 6 RETURNING *), noted AS (INSERT INTO events (user_id, kind, amount) SELECT user_id, 'gone', id FROM gone RETURNING user_id, amount),
     changed AS (UPDATE users SET score = -7 WHERE id IN (SELECT user_id FROM noted) RETURNING id) SELECT count(*), sum(id) FROM changed;
-- name: cte_unread
WITH gone AS (DELETE FROM events WHERE kind = 'look') SELECT count(*) FROM users;
WITH made AS (INSERT INTO sparse SELECT g + 90000, 'x' FROM generate_series(1, 30) g RETURNING id) SELECT 1;
WITH made AS (INSERT INTO sparse SELECT g + 91000, 'x' FROM generate_series(1, 30) g RETURNING id) SELECT count(*) > 0 FROM (SELECT FROM made LIMIT 1) m;
-- name: cte_into_local
WITH gone AS (DELETE FROM events WHERE kind = 'buy' RETURNING user_id, amount) INSERT INTO note (id, user_id, body) SELECT row_number() OVER (ORDER BY user_id, amount) + 10000, user_id, 'was ' || amount FROM gone;
-- name: cte_from_local
WITH gone AS (DELETE FROM note WHERE id < 5 RETURNING user_id) UPDATE users SET score = 77 WHERE id IN (SELECT user_id FROM gone) RETURNING id;
-- name: cte_move_between_groups
WITH moved AS (DELETE FROM items WHERE stock < 5 RETURNING code, stock) INSERT INTO empty_log SELECT stock, code, 1 FROM moved RETURNING *;
-- name: cte_both_directions
WITH a AS (INSERT INTO sparse VALUES (93001, 'a') RETURNING id), b AS (INSERT INTO empty_log SELECT id, 'b' FROM a RETURNING id) DELETE FROM events WHERE amount IN (SELECT id - 93000 FROM b);
-- name: cte_defaults
WITH new AS (INSERT INTO ticket (account, subject) SELECT g, 'cte ' || g FROM generate_series(2001, 2009) g RETURNING account, state, length) SELECT * FROM new;
-- name: cte_sees_old_rows
WITH gone AS (DELETE FROM sparse RETURNING id) SELECT count(*), (SELECT count(*) FROM gone) FROM sparse;
-- name: cte_duplicate
BEGIN;
INSERT INTO sparse VALUES (777777, 'x');
-- error: 23505
WITH new AS (INSERT INTO sparse SELECT 777777, 'x' FROM users LIMIT 1 RETURNING id) SELECT * FROM new;
ROLLBACK;
-- name: cte_key_change
WITH moved AS (UPDATE sparse SET id = id + 300000 WHERE id < 500 RETURNING id, v) SELECT count(*), min(id) FROM moved;
-- name: cte_row_locks
WITH next AS (SELECT id FROM users ORDER BY id LIMIT 3 FOR UPDATE), gone AS (DELETE FROM orders o USING next n WHERE o.user_id = n.id RETURNING o.id) SELECT count(*) FROM gone;
-- name: cte_prepared
PREPARE q (int) AS WITH gone AS (DELETE FROM events WHERE amount = $1 RETURNING *) SELECT $1, count(*) FROM gone;
EXECUTE q (1);
EXECUTE q (2);
EXECUTE q (3);
EXECUTE q (4);
EXECUTE q (5);
EXECUTE q (6);
DEALLOCATE q;
-- name: trigger_on_local_table
CREATE FUNCTION copy_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE users u SET score = (SELECT count(*) FROM orders o JOIN items i ON i.code = o.item_code WHERE o.user_id = u.id) WHERE u.id = NEW.user_id;
    INSERT INTO events (user_id, kind, amount) SELECT NEW.user_id, 'note', count(*) FROM users WHERE age > NEW.id;
    DELETE FROM sparse s USING items i WHERE s.id = NEW.id AND i.stock > 0;
    PERFORM 1 FROM users WHERE active ORDER BY id LIMIT 2 FOR UPDATE SKIP LOCKED;
    NEW.body = NEW.body || (SELECT count(*) FROM users WHERE country IS NOT NULL);
    RETURN NEW;
END
$$;
CREATE TRIGGER t BEFORE INSERT OR UPDATE ON note FOR EACH ROW EXECUTE FUNCTION copy_note();
INSERT INTO note SELECT g + 500000, g, 'c', 'trigger ' FROM generate_series(1, 9) g;
UPDATE note n SET body = 'x' FROM users u WHERE u.id = n.user_id AND n.id > 500004;
DROP TRIGGER t ON note;
DROP FUNCTION copy_note;
-- name: function_with_writes
CREATE FUNCTION sweep(lowest int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    n int;
    r record;
BEGIN
    UPDATE orders o SET remark = i.category FROM items i WHERE i.code = o.item_code AND o.quantity >= lowest;
    GET DIAGNOSTICS n = ROW_COUNT;
    FOR r IN DELETE FROM events e USING items i WHERE i.stock = e.amount AND e.amount >= lowest RETURNING e.user_id LOOP
        n = n + 1;
    END LOOP;
    WITH gone AS (DELETE FROM sparse WHERE id > lowest * 100 RETURNING id) INSERT INTO empty_log SELECT id, 'swept' FROM gone;
    RETURN n;
END
$$;
SELECT sweep(8);
SELECT sweep(7);
SELECT sweep(6);
SELECT sweep(5);
SELECT sweep(4);
SELECT sweep(3);
SELECT sweep(2);
DROP FUNCTION sweep;
-- name: sql_function_with_writes
CREATE FUNCTION sweep(lowest int) RETURNS SETOF int LANGUAGE sql AS $$
    UPDATE orders o SET remark = i.category FROM items i WHERE i.code = o.item_code AND o.quantity >= lowest;
    DELETE FROM events e USING items i WHERE i.stock = e.amount AND e.amount >= lowest RETURNING e.amount;
$$;
SELECT * FROM sweep(9);
SELECT count(*) FROM sweep(2);
DROP FUNCTION sweep;
-- name: do_block
DO $$
DECLARE
    r record;
BEGIN
    FOR r IN SELECT id FROM users WHERE active ORDER BY id LIMIT 4 FOR UPDATE LOOP
        UPDATE users SET score = score + 1 WHERE id = r.id;
    END LOOP;
    UPDATE users u SET age = n.id FROM note n WHERE n.user_id = u.id AND n.id < 100;
    BEGIN
        UPDATE users u SET age = -n.id FROM note n WHERE n.user_id = u.id AND n.id < 100;
    EXCEPTION WHEN check_violation THEN
        DELETE FROM sparse s USING items i WHERE i.stock = s.id;
    END;
END
$$;
