-- name: values
MERGE INTO sparse s USING (VALUES (1, 'merged'), (12, NULL), (8101, 'new')) AS n (id, v) ON s.id = n.id
    WHEN MATCHED AND n.v IS NULL THEN DELETE WHEN MATCHED THEN UPDATE SET v = n.v || s.v WHEN NOT MATCHED THEN INSERT VALUES (n.id, n.v);
-- name: from_other
MERGE INTO items i USING (SELECT item_code, count(*) AS n FROM orders WHERE item_code IS NOT NULL GROUP BY 1) o ON o.item_code = i.code
    WHEN MATCHED AND o.n > 5 THEN UPDATE SET stock = o.n, name = i.name || '*' WHEN MATCHED THEN DO NOTHING WHEN NOT MATCHED THEN INSERT (code, stock) VALUES (o.item_code, o.n);
-- name: from_local
MERGE INTO users u USING note n ON n.user_id = u.id AND n.id < 9 WHEN MATCHED THEN UPDATE SET name = n.body WHEN NOT MATCHED AND n.user_id > 100000 THEN INSERT (id, name) VALUES (n.user_id, n.body);
-- name: insert_with_defaults
MERGE INTO ticket t USING (VALUES (1001, 'one'), (1002, 'two')) AS n (a, s) ON t.account = n.a WHEN NOT MATCHED THEN INSERT (account, subject) VALUES (n.a, n.s);
SELECT account, subject, state, opened, length FROM ticket WHERE account > 1000;
-- name: moves_key
MERGE INTO sparse s USING (VALUES (1), (12)) AS n (id) ON s.id = n.id WHEN MATCHED THEN UPDATE SET id = n.id + 50000;
-- name: delete_all
MERGE INTO events e USING items i ON i.stock = e.amount AND i.code = 'item-3' WHEN MATCHED THEN DELETE;
-- name: twice
BEGIN;
INSERT INTO sparse VALUES (777777, 'x');
-- error: 21000
MERGE INTO sparse s USING (VALUES (777777, 'a'), (777777, 'b')) AS n (id, v) ON s.id = n.id WHEN MATCHED THEN UPDATE SET v = n.v;
ROLLBACK;
-- name: duplicate
BEGIN;
INSERT INTO sparse VALUES (777777, 'x');
-- error: 23505
MERGE INTO sparse s USING (VALUES (777777, 'x')) AS n (id, v) ON s.id = n.id + 1 WHEN NOT MATCHED THEN INSERT VALUES (n.id, n.v);
ROLLBACK;
-- name: check
-- error: 23514
-- any_detail
MERGE INTO users u USING note n ON n.id = u.id WHEN MATCHED THEN UPDATE SET age = -5;
-- name: local_target
MERGE INTO note n USING users u ON n.user_id = u.id WHEN MATCHED THEN UPDATE SET body = u.name WHEN NOT MATCHED AND u.age > 60 THEN INSERT VALUES (u.id + 100000, u.id, NULL, u.name);
-- name: prepared
PREPARE q (int, text) AS MERGE INTO sparse s USING (SELECT $1 AS id, $2 AS v) n ON s.id = n.id WHEN MATCHED THEN UPDATE SET v = n.v WHEN NOT MATCHED THEN INSERT VALUES (n.id, n.v);
EXECUTE q (1, 'a');
EXECUTE q (2, 'b');
EXECUTE q (70001, 'c');
EXECUTE q (70001, 'd');
EXECUTE q (70002, 'e');
EXECUTE q (70003, 'f');
EXECUTE q (70003, NULL);
DEALLOCATE q;
