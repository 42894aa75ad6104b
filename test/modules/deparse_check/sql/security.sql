-- Row-level security and security-barrier views hide the same rows in the deparsed statement.
\pset format unaligned
\pset tuples_only on
CREATE ROLE deparse_check_user;
GRANT USAGE ON SCHEMA shop, shard, copies, deparse_check TO deparse_check_user;
GRANT ALL ON ALL TABLES IN SCHEMA shop, shard, copies TO deparse_check_user;
GRANT ALL ON ALL SEQUENCES IN SCHEMA shop TO deparse_check_user;
CREATE FUNCTION leaky(id int) RETURNS bool LANGUAGE plpgsql IMMUTABLE COST 0.0001 AS $$
BEGIN
    IF id > 3 THEN RAISE 'row % leaked', id; END IF;
    RETURN true;
END $$;
ALTER TABLE shop.users ENABLE ROW LEVEL SECURITY;
CREATE POLICY low ON shop.users USING (id < 4);
CREATE POLICY with_order ON shop.users AS RESTRICTIVE FOR SELECT USING (EXISTS (SELECT FROM shop.orders o WHERE o.user_id = users.id));
ALTER TABLE shop.documents ENABLE ROW LEVEL SECURITY;
CREATE POLICY first ON shop.documents USING (id = 1);
CREATE VIEW barrier WITH (security_barrier) AS SELECT kind, label FROM shop.ref_kinds WHERE kind < 3;
GRANT SELECT ON barrier TO deparse_check_user;
SET ROLE deparse_check_user;
SET search_path = public, shop;

SELECT deparse_check.template($$SELECT name FROM users WHERE id = 2$$);
SELECT deparse_check.template($$SELECT y FROM users u(x, y, z) WHERE leaky(x)$$);
SELECT deparse_check.compare($$SELECT * FROM users ORDER BY id$$);
SELECT deparse_check.compare($$SELECT name FROM users WHERE leaky(id) ORDER BY id$$);
SELECT deparse_check.compare($$SELECT name FROM (SELECT *, leaky(id) AS l FROM users) x WHERE l ORDER BY id$$);
SELECT deparse_check.compare($$SELECT u, u.ctid IS NULL, u.tableoid > 0, (u).id FROM users u ORDER BY id$$);
SELECT deparse_check.compare($$SELECT u.*, o.id FROM orders o LEFT JOIN users u ON u.id = o.user_id AND leaky(u.id) ORDER BY o.id$$);
SELECT deparse_check.compare($$SELECT u IS NULL, u FROM orders o LEFT JOIN users u ON u.id = o.user_id ORDER BY o.id$$);
SELECT deparse_check.compare($$SELECT * FROM users JOIN orders USING (id) ORDER BY id$$);
SELECT deparse_check.compare($$SELECT id, j.name FROM users FULL JOIN ref_kinds ON id = kind JOIN LATERAL (SELECT users.name) j ON true ORDER BY id$$);
SELECT deparse_check.compare($$SELECT (SELECT u.name FROM users u WHERE u.id = o.user_id AND leaky(u.id)), EXISTS (SELECT FROM users u2 WHERE u2.id = o.user_id) FROM orders o ORDER BY o.id$$);
SELECT deparse_check.compare($$WITH x AS (SELECT * FROM users) SELECT count(*), max(x.id) FROM x, users WHERE x.id = users.id$$);
SELECT deparse_check.compare($$SELECT id FROM users WHERE leaky(id) UNION SELECT id FROM documents ORDER BY 1$$);
SELECT deparse_check.compare($$SELECT id FROM users WHERE id = 1 FOR UPDATE$$);
SELECT deparse_check.compare($$SELECT * FROM users TABLESAMPLE system (100) ORDER BY id$$);
SELECT deparse_check.compare($$SELECT * FROM ONLY users x(a, b) WHERE leaky(a) ORDER BY a$$);
SELECT deparse_check.compare($$SELECT * FROM barrier WHERE leaky(kind + 1) ORDER BY kind$$);
SELECT deparse_check.compare($$SELECT * FROM barrier WHERE kind = 1$$);

-- Writing
SELECT deparse_check.compare($$DELETE FROM documents WHERE id > 0$$);
SELECT deparse_check.compare($$DELETE FROM documents WHERE leaky(id + 2) RETURNING id$$);
SELECT deparse_check.template($$DELETE FROM documents WHERE leaky(id + 2) AND id > 0$$);
SELECT deparse_check.compare($$DELETE FROM documents d USING users u WHERE u.id = d.id RETURNING u.name$$);
SELECT deparse_check.compare($$INSERT INTO orders (user_id, note) SELECT id, name FROM users$$);
SELECT deparse_check.compare($$UPDATE orders SET note = name FROM users WHERE users.id = user_id$$);
SELECT deparse_check.compare($$INSERT INTO documents (id) VALUES (5)$$);
SELECT deparse_check.compare($$UPDATE documents SET data = NULL$$);
RESET ROLE;
SELECT deparse_check.compare($$SELECT * FROM users ORDER BY id$$);
DROP OWNED BY deparse_check_user;
DROP ROLE deparse_check_user;
ALTER TABLE shop.users DISABLE ROW LEVEL SECURITY;
ALTER TABLE shop.documents DISABLE ROW LEVEL SECURITY;
