-- A writing statement deparsed and filled does what it did.
SET search_path = public, shop;
\pset format unaligned
\pset tuples_only on
-- INSERT
SELECT deparse_check.compare($$INSERT INTO documents (data['a'], checked.zip, id) VALUES ('1', 5, 7)$$);
SELECT deparse_check.compare($$INSERT INTO documents (checked.street, id, data['x'], checked.zip) VALUES ('s', 8, '1', 5), ('t', 9, '2', 6)$$);
SELECT deparse_check.compare($$INSERT INTO users VALUES (10, 'n', 'sad', ROW('s', 1), '2021-01-01 UTC')$$);
SELECT deparse_check.compare($$INSERT INTO users (born, name, id) VALUES ('2021-01-01 UTC', 'n', 10) RETURNING *, users$$);
SELECT deparse_check.compare($$INSERT INTO users AS u (id) VALUES (10) RETURNING u.id AS x, (SELECT max(o.id) FROM orders o WHERE o.user_id = u.id)$$);
SELECT deparse_check.compare($$INSERT INTO orders (user_id) VALUES (1) RETURNING *$$);
SELECT deparse_check.compare($$INSERT INTO orders (note, user_id) VALUES ('a', 1), (DEFAULT, 2), (NULL, 3) RETURNING *$$);
SELECT deparse_check.compare($$INSERT INTO orders (user_id, doubled, id) VALUES (1, DEFAULT, DEFAULT), (2, DEFAULT, DEFAULT)$$);
SELECT deparse_check.compare($$INSERT INTO orders (user_id, id) OVERRIDING SYSTEM VALUE VALUES (1, 50), (1, 51)$$);
SELECT deparse_check.compare($$INSERT INTO orders (user_id, id, note) OVERRIDING USER VALUE VALUES (1, 50, 'p'), (1, 51, 'q')$$);
SELECT deparse_check.compare($$INSERT INTO orders (tags[2], tags[1], user_id, who.home.zip, who.name, matrix[3]) VALUES ('b', 'a', 1, 5, 'n', 9)$$);
SELECT deparse_check.compare($$INSERT INTO orders (tags[2], note, tags[1], user_id) VALUES ('b', 'x', 'a', 1), ('d', 'y', 'c', 2)$$);
SELECT deparse_check.compare($$INSERT INTO orders (tags[2], note, tags[1], user_id) SELECT 'b', name, 'a' || id, id FROM users$$);
SELECT deparse_check.compare($$INSERT INTO orders (user_id, quantity) SELECT 1, q FROM generate_series(1, 2) q$$);
SELECT deparse_check.compare($$INSERT INTO users (name, id) SELECT note, id + 100 FROM orders ORDER BY id DESC$$);
SELECT deparse_check.compare($$INSERT INTO users (name, born, id) SELECT 'lit', '2022-02-02 UTC', id + 100 FROM orders$$);
SELECT deparse_check.compare($$INSERT INTO users (name, id) SELECT note, 100 + sum(id)::int FROM orders GROUP BY note UNION SELECT label, kind + 200 FROM ref_kinds$$);
SELECT deparse_check.compare($$INSERT INTO users (feeling, id) VALUES ('ok', 11), (NULL, 12)$$);
SELECT deparse_check.compare($$WITH x AS (SELECT * FROM orders WHERE id > 3) INSERT INTO users (name, id) SELECT note, id + 300 FROM x$$);
SELECT deparse_check.compare($$INSERT INTO users (name, id) WITH x AS (SELECT * FROM orders WHERE id > 3) SELECT note, id + 300 FROM x$$);
SELECT deparse_check.compare($$INSERT INTO "Ünïcode ""T""" ("Column 1", "select") VALUES ('q', 7), ('r', 8) RETURNING "Ünïcode ""T""".*$$);
SELECT deparse_check.compare($$INSERT INTO "Ünïcode ""T""" DEFAULT VALUES$$);
SELECT deparse_check.compare($$INSERT INTO generated_only (k, g) VALUES (5, DEFAULT)$$);
SELECT deparse_check.compare($$INSERT INTO "Ünïcode ""T""" SELECT max("select") + 1 FROM "Ünïcode ""T"""$$);
SELECT deparse_check.compare($$INSERT INTO users SELECT (u).* FROM (SELECT u FROM users u WHERE false) x$$);
SELECT deparse_check.compare($$INSERT INTO order_view (amount, owner) VALUES (2.255, 1) RETURNING *$$);
SELECT deparse_check.compare($$INSERT INTO order_view (amount, owner) SELECT id, id FROM users RETURNING id > 0, amount$$);
SELECT deparse_check.compare($$INSERT INTO user_view (called, id) VALUES ('w', 20), ('v', 21) RETURNING called$$);

-- ON CONFLICT
SELECT deparse_check.compare($$INSERT INTO users (id, name) VALUES (1, 'new'), (20, 'x') ON CONFLICT DO NOTHING RETURNING id$$);
SELECT deparse_check.compare($$INSERT INTO users AS u (id, name) VALUES (1, 'new'), (20, 'x') ON CONFLICT (id) DO UPDATE SET name = u.name || excluded.name, feeling = 'ok' WHERE u.id < 3 RETURNING u.*$$);
SELECT deparse_check.compare($$INSERT INTO users (id, home.zip) VALUES (1, 3) ON CONFLICT ON CONSTRAINT users_pkey DO UPDATE SET home.zip = users.id, home.street = excluded.name, born = NULL$$);
SELECT deparse_check.compare($$INSERT INTO orders (user_id, id, note) OVERRIDING SYSTEM VALUE VALUES (1, 1, 'note 1') ON CONFLICT ON CONSTRAINT "Odd Constraint" DO UPDATE SET (note, amount) = (SELECT 'from sub', 7), tags[1] = 'one', tags[2] = 'two'$$);
SELECT deparse_check.compare($$INSERT INTO orders (id, note, user_id) OVERRIDING SYSTEM VALUE SELECT 1, 'note 1', 1 ON CONFLICT (note, id) DO UPDATE SET doubled = DEFAULT, quantity = DEFAULT$$);
SELECT deparse_check.compare($$INSERT INTO generated_only VALUES (1) ON CONFLICT (k) DO UPDATE SET g = DEFAULT RETURNING *$$);
SELECT deparse_check.compare($$INSERT INTO order_view AS v (owner, note) VALUES (1, 'x'), (2, DEFAULT) ON CONFLICT (owner, id) DO UPDATE SET note = v.note || excluded.note RETURNING v.*$$);

-- UPDATE
SELECT deparse_check.compare($$UPDATE users SET name = 'x' WHERE id = 2 RETURNING *$$);
SELECT deparse_check.compare($$UPDATE users AS u SET name = u.name || users.name FROM users WHERE users.id = u.id + 1 RETURNING u.name, users$$);
SELECT deparse_check.compare($$UPDATE orders SET amount = amount + u.id, note = left(u.name, 5) FROM users u LEFT JOIN ref_kinds r ON r.kind = u.id WHERE u.id = user_id$$);
SELECT deparse_check.compare($$UPDATE orders SET tags[1] = 'one', tags[2] = 'two', tags[3] = tags[1], matrix[1] = 5, matrix[2] = 6$$);
SELECT deparse_check.compare($$UPDATE orders SET who.name = 'n', who.home.zip = 3, who.home.street = 'st', tags[5:6] = '{a,b}'$$);
SELECT deparse_check.compare($$UPDATE orders SET (note, amount) = (SELECT name, id FROM users WHERE id = user_id)$$);
SELECT deparse_check.compare($$UPDATE orders SET (note, amount) = (SELECT name, id FROM users WHERE id = user_id), quantity = 3, (tags[2], tags[1]) = (SELECT 'p', 'q')$$);
SELECT deparse_check.compare($$UPDATE orders SET (quantity, amount) = (SELECT 3::bigint, 4::float8), (note, tags) = ROW(DEFAULT, NULL)$$);
SELECT deparse_check.compare($$UPDATE orders SET (who.home.zip, note, who.name) = (SELECT id, name, 'q' FROM users WHERE id = 1)$$);
SELECT deparse_check.compare($$UPDATE orders SET doubled = DEFAULT, amount = DEFAULT WHERE id = 1$$);
SELECT deparse_check.compare($$UPDATE generated_only SET g = DEFAULT RETURNING g$$);
SELECT deparse_check.compare($$UPDATE users SET feeling = CASE feeling WHEN 'sad' THEN 'ok'::mood ELSE feeling END, home = ROW('a', 1)$$);
SELECT deparse_check.compare($$UPDATE users SET name = (SELECT max(note) FROM orders WHERE user_id = users.id) WHERE EXISTS (SELECT FROM orders WHERE user_id = users.id)$$);
SELECT deparse_check.compare($$WITH x AS (SELECT user_id, sum(amount) AS s FROM orders GROUP BY 1) UPDATE users SET name = x.s FROM x WHERE x.user_id = id RETURNING id, x.s$$);
SELECT deparse_check.compare($$UPDATE user_view SET called = called || '!' WHERE feeling = 'sad' RETURNING user_view.*$$);
SELECT deparse_check.compare($$UPDATE user_view v SET called = users.name FROM users WHERE users.id = v.id + 1 RETURNING v.called, users.name$$);
SELECT deparse_check.compare($$UPDATE order_view SET tags[1] = 'v1', tags[2] = note FROM user_view u WHERE u.id = owner$$);
SELECT deparse_check.compare($$UPDATE documents SET data['a'] = '1', data['b']['c'] = '"x"', data['d'] = to_jsonb(id) WHERE id = 1$$);
SELECT deparse_check.compare($$UPDATE documents SET checked.zip = 5, checked.street = 's', ranges[2] = 'empty', ranges[1] = '[1,2)'$$);
SELECT deparse_check.compare($$UPDATE orders o SET (amount, note) = (o.amount + 1, upper(o.note)) FROM (VALUES (1), (2)) v(k) WHERE v.k = o.user_id$$);
SELECT deparse_check.compare($$UPDATE orders SET note = (SELECT orders.note || users.name FROM users WHERE users.id = 1)::varchar(10) WHERE orders.id = 1 RETURNING orders.note, (SELECT count(*) FROM orders)$$);

-- rules
SELECT deparse_check.compare($$UPDATE ruled_view SET called = called || '?' WHERE id > 3$$);
SELECT deparse_check.compare($$UPDATE ruled_view SET called = o.note FROM orders o WHERE o.id = ruled_view.id$$);
SELECT deparse_check.compare($$INSERT INTO ruled_view (called, id) VALUES ('a', 1), ('b', 2)$$);
SELECT deparse_check.compare($$INSERT INTO ruled_view SELECT id, name FROM users WHERE id < 3$$);

-- DELETE
SELECT deparse_check.compare($$DELETE FROM users WHERE id = 1 RETURNING *$$);
SELECT deparse_check.compare($$DELETE FROM ONLY users u USING orders users WHERE u.id = users.user_id RETURNING u.id, users.note$$);
SELECT deparse_check.compare($$DELETE FROM user_view WHERE called LIKE '%2' RETURNING user_view$$);
SELECT deparse_check.compare($$DELETE FROM orders WHERE user_id NOT IN (SELECT id FROM users)$$);
SELECT deparse_check.compare($$DELETE FROM orders$$);

-- writing CTEs
SELECT deparse_check.compare($$WITH d AS (DELETE FROM users WHERE id = 1 RETURNING *) INSERT INTO users (name, id) SELECT name, id + 50 FROM d RETURNING users.*$$);
SELECT deparse_check.compare($$WITH i AS (INSERT INTO users (id, name) VALUES (30, 'a') RETURNING id) UPDATE users SET name = 'b' FROM i WHERE users.id < i.id RETURNING users.id$$);
SELECT deparse_check.compare($$WITH u AS (UPDATE users SET name = users.name || '+' RETURNING users.id, name) SELECT u.* FROM u, users WHERE users.id = u.id$$);
SELECT deparse_check.compare($$WITH i AS (INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET name = excluded.id || users.name RETURNING users.name) SELECT * FROM i, users WHERE id = 2$$);

-- MERGE
SELECT deparse_check.compare($$MERGE INTO users u USING orders o ON u.id = o.id WHEN MATCHED AND o.user_id = 1 THEN DELETE WHEN MATCHED THEN UPDATE SET name = o.note, home.zip = 1, home.street = 's' WHEN NOT MATCHED THEN INSERT (name, id) VALUES (o.note, o.id)$$);
SELECT deparse_check.compare($$MERGE INTO orders USING (SELECT 1 AS k, 'n' AS n) s ON user_id = k AND note = n WHEN MATCHED THEN DO NOTHING WHEN NOT MATCHED THEN INSERT (note, user_id) VALUES (n, k)$$);
