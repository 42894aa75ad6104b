-- What templates look like, and what is refused.
\pset format unaligned
\pset tuples_only on
SET search_path = public, shop;
SELECT deparse_check.template($$SELECT * FROM users WHERE id = $1 AND name = $2$$);
SELECT deparse_check.template($$SELECT u, u.* FROM users u, ref_kinds JOIN pg_class ON relname = label WHERE (u).home IS NULL$$);
SELECT deparse_check.template($$SELECT NULL::users, ARRAY[NULL::users], "Ünïcode ""T""" FROM "Ünïcode ""T""" FOR UPDATE OF "Ünïcode ""T"""$$);
SELECT deparse_check.template($$INSERT INTO orders AS o (note, user_id) VALUES ($1, $2) ON CONFLICT (user_id, id) DO UPDATE SET note = excluded.note || o.note RETURNING o$$);
SELECT deparse_check.template($$UPDATE user_view SET called = $1 WHERE id = $2$$);
SELECT deparse_check.template($$DELETE FROM users USING orders WHERE users.id = orders.user_id$$);
SELECT deparse_check.template($$SELECT 'sad'::mood, 3::positive, '(s,1)'::address, twice(1), 1 OPERATOR("Odd Schema".<+>) 2, 'x' COLLATE odd$$);
SELECT deparse_check.fill($$SELECT * FROM users JOIN users u2 USING (id), ref_kinds$$);

SELECT deparse_check.template($$WITH a AS (INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET name = excluded.name)
    INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET name = excluded.name$$);
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM users FOR UPDATE;
SELECT deparse_check.template($$UPDATE users SET name = 'x' WHERE CURRENT OF c$$);
ROLLBACK;
CREATE VIEW checking_view AS SELECT * FROM shop.users WHERE id < 3 WITH CHECK OPTION;
SELECT deparse_check.template($$UPDATE checking_view SET id = 3$$);
SELECT deparse_check.template($$UPDATE ruled_view SET called = 'x' WHERE id = 3$$);
SELECT deparse_check.template($$UPDATE ruled_view SET (id, called) = (SELECT 1, 'x') WHERE id = 3$$);

-- An error on the way leaves the session's settings alone.
SET DateStyle = 'German';
SELECT deparse_check.template($$UPDATE checking_view SET id = 3$$);
SELECT date '2020-12-31', 'users'::regclass;
