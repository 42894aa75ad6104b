-- name: cte_delete_insert
-- may_refuse
WITH moved AS (DELETE FROM orders WHERE quantity = 4 RETURNING user_id, id) INSERT INTO events (user_id, kind, amount) SELECT user_id, 'moved', id FROM moved;
-- name: cte_delete_counted
-- may_refuse
WITH gone AS (DELETE FROM events WHERE kind = 'logout' RETURNING *) SELECT user_id, count(*) FROM gone GROUP BY user_id;
-- name: cte_by_key
-- may_refuse
WITH changed AS (UPDATE users SET age = 50 WHERE id = 7 RETURNING id, age) SELECT * FROM changed;
-- name: cte_insert_returning
-- may_refuse
WITH made AS (INSERT INTO sparse VALUES (8001, 'a'), (8002, 'b') RETURNING id) SELECT count(*), sum(id) FROM made;
-- name: merge
-- may_refuse
MERGE INTO sparse s USING (VALUES (1, 'merged'), (8101, 'new')) AS n (id, v) ON s.id = n.id WHEN MATCHED THEN UPDATE SET v = n.v WHEN NOT MATCHED THEN INSERT VALUES (n.id, n.v);
-- name: merge_colocated
-- may_refuse
MERGE INTO users u USING (SELECT user_id, count(*) AS n FROM events WHERE user_id IS NOT NULL GROUP BY user_id) e ON e.user_id = u.id WHEN MATCHED AND e.n > 2 THEN UPDATE SET score = e.n WHEN MATCHED THEN DO NOTHING;
