-- A SELECT deparsed and filled means what it meant.
SET search_path = public, shop;
SET DateStyle = 'SQL, DMY';
SET IntervalStyle = 'sql_standard';
SET extra_float_digits = -5;
SET check_function_bodies = off;
\pset format unaligned
\pset tuples_only on
-- scans, names, expressions
SELECT deparse_check.compare($$SELECT * FROM users ORDER BY id$$);
SELECT deparse_check.compare($$SELECT users.name, u2.name FROM users, users u2 WHERE users.id = u2.id + 1 ORDER BY 1$$);
SELECT deparse_check.compare($$SELECT id AS x, -id AS id FROM users ORDER BY id$$);
SELECT deparse_check.compare($$SELECT -id AS id FROM users ORDER BY users.id$$);
SELECT deparse_check.compare($$SELECT count(*) FROM users GROUP BY id % 2 ORDER BY id % 2$$);
SELECT deparse_check.compare($$SELECT "select", "Column 1", "Ünïcode ""T""".ü, 'ä«é»' FROM "Ünïcode ""T""" ORDER BY "Column 1" NULLS FIRST$$);
SELECT deparse_check.compare($$SELECT u FROM users u ORDER BY u.id$$);
SELECT deparse_check.compare($$SELECT u.*::text FROM users u ORDER BY 1$$);
SELECT deparse_check.compare($$SELECT users FROM users ORDER BY 1$$);
SELECT deparse_check.compare($$SELECT (u).home, (home).zip, (ROW(u.*)::users).name FROM users u ORDER BY u.id$$);
SELECT deparse_check.compare($$SELECT ARRAY[u, NULL::users] FROM users u ORDER BY 1$$);
SELECT deparse_check.compare($$SELECT CASE WHEN id > 2 THEN u ELSE NULL::shop.users END FROM users u ORDER BY id$$);
SELECT deparse_check.compare($$SELECT '(1,x,sad,,)'::users, '{"(1,x,sad,,)"}'::users[]$$);
SELECT deparse_check.compare($$SELECT row_to_json(u), to_jsonb(u) - 'born', u IS NULL FROM users u ORDER BY id$$);
SELECT deparse_check.compare($$SELECT id, feeling = 'sad', feeling::text, 'it''s fine'::mood FROM users WHERE feeling IN ('sad', 'ok') ORDER BY id$$);
SELECT deparse_check.compare($$SELECT twice(id), id OPERATOR("Odd Schema".<+>) 3, "Odd Schema"."Odd Op"(1, id) FROM users ORDER BY 1$$);
SELECT deparse_check.compare($$SELECT name COLLATE odd, name COLLATE "C" < 'b' FROM users ORDER BY name COLLATE odd DESC$$);
SELECT deparse_check.compare($$SELECT timestamptz '2020-02-03 04:05:06.789+01', date '03/02/2020', interval '1 year -2 days 03:04:05.6', 0.1::float8, 1e-17::float8, 'Infinity'::float4, '\x00ff'::bytea, B'101', 'a\b''c', E'tab\tend', 1.50::numeric(5,3)$$);
SELECT deparse_check.compare($$SELECT 2147483648, -1, -(1), - -id, 1::smallint, NULL, NULL::int[], '{1,2}'::int[], ARRAY[[1,2],[3,4]] FROM users WHERE id = 1$$);
SELECT deparse_check.compare($$SELECT tags[1], tags[1:1], matrix[2], (who).home.zip, (who).name FROM orders ORDER BY id$$);
SELECT deparse_check.compare($$SELECT quantity::positive, quantity + 1, matrix || 5 FROM orders WHERE id = 1$$);
SELECT deparse_check.compare($$SELECT COALESCE(note, 'x'), NULLIF(id, 2), GREATEST(id, 3), id IS DISTINCT FROM 3, id BETWEEN 2 AND 4, note LIKE 'n%3', note ~ '^n', note ILIKE 'N%' FROM orders ORDER BY id$$);
SELECT deparse_check.compare($$SELECT CASE id WHEN 1 THEN 'a' WHEN 2 THEN 'b' ELSE 'c' END, CASE WHEN id > 3 THEN 1 END FROM orders ORDER BY id$$);
SELECT deparse_check.compare($$SELECT extract(year FROM born), born AT TIME ZONE 'UTC', substring(name FROM 2 FOR 3), trim(both 'u' FROM name), position('s' IN name), overlay(name placing 'X' from 1) FROM users ORDER BY id$$);
SELECT deparse_check.compare($$SELECT u.ctid IS NOT NULL, u.tableoid::regclass::text LIKE '%users' FROM users u$$);
SELECT deparse_check.compare($$SELECT id FROM ONLY users WHERE id = ANY (ARRAY[1,2]) ORDER BY id$$);
SELECT deparse_check.compare($$SELECT id FROM users TABLESAMPLE bernoulli (100) ORDER BY id$$);
SELECT deparse_check.compare($$SELECT$$);
SELECT deparse_check.compare($$SELECT FROM users$$);
SELECT deparse_check.compare($$VALUES (1, 'a'), (2, 'b')$$);
SELECT deparse_check.compare($$VALUES (2, 'a'), (1, 'b') ORDER BY column1 LIMIT 1$$);
SELECT deparse_check.compare($$SELECT current_date IS NOT NULL, current_user::text, localtimestamp(3) IS NOT NULL$$);
SELECT deparse_check.compare($$SELECT xmlelement(name foo, xmlattributes(id AS "Id"), name) FROM users ORDER BY id$$);
SELECT deparse_check.compare($$SELECT x.name FROM users x(gid) ORDER BY 1$$);
SELECT deparse_check.compare($$SELECT x.gid, x FROM users x(gid, gname) ORDER BY 1$$);
SELECT deparse_check.compare($$SELECT ROW(1, 'a') IS DISTINCT FROM ROW(id, name), (id, name) < (3, 'x'), ROW(id, name) = ROW(1, 'user 1'), (id, 1) IN ((1, 1), (2, 1)) FROM users ORDER BY id$$);
SELECT deparse_check.compare($$SELECT name SIMILAR TO 'u%', name LIKE 'a!%' ESCAPE '!', name IS NORMALIZED, (id = 1) IS NOT TRUE, (NULL::bool) IS UNKNOWN, NOT (id = 1 AND id = 2 OR id = 3) FROM users ORDER BY id$$);
SELECT deparse_check.compare($$SELECT interval '5' minute, interval '1 2:03' day to minute, timestamp(2) '2020-01-01 00:00:00.127', time(1) with time zone '04:05:06.789+02', '1 mon'::interval(3), 'abc'::char(5), 'abc'::varchar(2), 'x'::"char", '12.345'::numeric(6,2), money '12.50', '101'::bit(5)$$);
SELECT deparse_check.compare($$SELECT concat_ws(',', VARIADIC tags), make_interval(days => id), format('%s-%I', note, 'a b'), make_date(day => 1, year => 2020, month => id) FROM orders ORDER BY id$$);
SELECT deparse_check.compare($$SELECT ('{"a":{"b":[1,2]}}'::jsonb)['a']['b'][1], '{"a":1}'::jsonb -> 'a', '{"a":1}'::json ->> 'a', '[1,2]'::jsonb @> '1', jsonb_path_query('[1,2]', '$[*] ? (@ > 1)')$$);
SELECT deparse_check.compare($$SELECT regexp_match('foobar', '(o+)(b)'), 'a' || NULL, 5 % 3, 2 ^ 3, |/ 4, @ -5, 5 # 3, ~1, 1 << 2, '(1,2)'::point <-> '(3,4)'$$);
SELECT deparse_check.compare($$SELECT id, CASE WHEN id = 1 THEN 'unknown literal' END, (SELECT 'inner literal') || 'x' FROM users ORDER BY id$$);
SELECT deparse_check.compare($$SELECT to_tsvector('english', 'the cats') @@ to_tsquery('cat'), 'users'::regclass = 'shop.users'::regclass$$);
SELECT deparse_check.compare($$SELECT id FROM users TABLESAMPLE system (100) REPEATABLE (5) WHERE born > '2020-01-01' ORDER BY id$$);
SELECT deparse_check.compare($$SELECT a123456789012345678901234567890123456789012345678901234567890ä.id AS ääääääääääääääääääääääääääääää FROM users a123456789012345678901234567890123456789012345678901234567890ä ORDER BY 1$$);
SELECT deparse_check.compare($$SELECT "select" AS "from", ü AS "Ü", "Column 1" AS "Column 1" FROM "Ünïcode ""T""" AS "where" ORDER BY "where"."select"$$);

-- joins
SELECT deparse_check.compare($$SELECT * FROM users JOIN orders ON users.id = user_id ORDER BY orders.id$$);
SELECT deparse_check.compare($$SELECT * FROM users u LEFT JOIN orders o ON u.id = o.user_id AND o.id > 3 ORDER BY u.id, o.id$$);
SELECT deparse_check.compare($$SELECT * FROM users FULL JOIN ref_kinds ON id = kind ORDER BY id, kind$$);
SELECT deparse_check.compare($$SELECT * FROM users JOIN orders USING (id) ORDER BY id$$);
SELECT deparse_check.compare($$SELECT id, j.id FROM users FULL JOIN orders USING (id) AS j ORDER BY id$$);
SELECT deparse_check.compare($$SELECT * FROM users NATURAL JOIN orders ORDER BY id$$);
SELECT deparse_check.compare($$SELECT j.a, j.f FROM (users u CROSS JOIN ref_kinds r) AS j(a, b, c, d, e, f) ORDER BY 1, 2$$);
SELECT deparse_check.compare($$SELECT * FROM (users u LEFT JOIN orders o ON u.id = o.user_id) RIGHT JOIN ref_kinds r ON r.kind = u.id ORDER BY r.kind, o.id$$);
SELECT deparse_check.compare($$SELECT u.id, l.* FROM users u, LATERAL (SELECT o.note, u.name FROM orders o WHERE o.user_id = u.id ORDER BY o.id LIMIT 1) l ORDER BY u.id$$);
SELECT deparse_check.compare($$SELECT u.id, p.* FROM users u LEFT JOIN LATERAL pairs(u.id) p ON p.a > 1 ORDER BY 1, 2$$);
SELECT deparse_check.compare($$SELECT u, o FROM users u LEFT JOIN orders o ON u.id = o.user_id ORDER BY u.id, o.id$$);

-- functions in FROM
SELECT deparse_check.compare($$SELECT * FROM pairs(3) WITH ORDINALITY AS p(x, y, z)$$);
SELECT deparse_check.compare($$SELECT * FROM ROWS FROM (generate_series(1, 3), pairs(2)) AS r$$);
SELECT deparse_check.compare($$SELECT * FROM unnest(ARRAY[1, 2], ARRAY['a', 'b', 'c']) AS t(n, s)$$);
SELECT deparse_check.compare($$SELECT * FROM json_to_recordset('[{"a":1,"b":{"street":"s","zip":3}}]') AS x(a int, b address)$$);
SELECT deparse_check.compare($$SELECT * FROM json_populate_recordset(NULL::users, '[{"id":1,"name":"n"}]')$$);
SELECT deparse_check.compare($$SELECT * FROM json_to_recordset('[{"u":null}]') AS x(u shop.users, v shop.users[])$$);
SELECT deparse_check.compare($$SELECT * FROM xmltable('/r/x' PASSING '<r><x a="1">t</x></r>' COLUMNS a int PATH '@a', t text PATH '.', n FOR ORDINALITY)$$);
SELECT deparse_check.compare($$SELECT id, unnest(tags), generate_series(1, 2) FROM orders ORDER BY 1, 2, 3$$);

-- subqueries
SELECT deparse_check.compare($$SELECT x."?column?" FROM (SELECT -1, -id FROM users) x("?column?", y) ORDER BY 1$$);
SELECT deparse_check.compare($$SELECT * FROM (SELECT id, count(*) FROM users GROUP BY id) x ORDER BY 1$$);
SELECT deparse_check.compare($$SELECT * FROM (SELECT id AS a, id AS a2, name FROM users) x(p, q) ORDER BY 1$$);
SELECT deparse_check.compare($$SELECT (SELECT max(o.amount) FROM orders o WHERE o.user_id = users.id), EXISTS (SELECT 1 FROM orders WHERE user_id = users.id) FROM users ORDER BY id$$);
SELECT deparse_check.compare($$SELECT id FROM users WHERE id IN (SELECT user_id FROM orders) AND id NOT IN (SELECT kind FROM ref_kinds WHERE kind = users.id - 1) ORDER BY id$$);
SELECT deparse_check.compare($$SELECT id FROM users WHERE (id, name) IN (SELECT user_id, 'user ' || user_id FROM orders) ORDER BY id$$);
SELECT deparse_check.compare($$SELECT id FROM users WHERE id > ALL (SELECT user_id FROM orders) OR id = ANY (SELECT kind FROM ref_kinds) OR (id, 1) < (SELECT 2, 2) ORDER BY id$$);
SELECT deparse_check.compare($$SELECT ARRAY(SELECT id FROM users ORDER BY id DESC), (SELECT users FROM users WHERE id = 1)$$);
SELECT deparse_check.compare($$SELECT (SELECT (SELECT (SELECT u1.id + u2.id + u3.id FROM users u3 WHERE u3.id = u1.id) FROM users u2 WHERE u2.id = u1.id)) FROM users u1 ORDER BY 1$$);
SELECT deparse_check.compare($$SELECT (SELECT users.id FROM ref_kinds users_1 WHERE users_1.kind = users.id) FROM users ORDER BY id$$);
SELECT deparse_check.compare($$SELECT (SELECT max(users.id) FROM users WHERE users.id < u.id) FROM users u ORDER BY u.id$$);

-- aggregates, windows, grouping
SELECT deparse_check.compare($$SELECT user_id, sum(amount), count(DISTINCT note) FILTER (WHERE id > 2), string_agg(note, ',' ORDER BY id DESC) FROM orders GROUP BY user_id HAVING count(*) > 1 ORDER BY user_id$$);
SELECT deparse_check.compare($$SELECT user_id, quantity, grouping(user_id, quantity), sum(amount) FROM orders GROUP BY ROLLUP (user_id, quantity) ORDER BY 1, 2, 3$$);
SELECT deparse_check.compare($$SELECT user_id, quantity::int % 2 AS q, count(*) FROM orders GROUP BY GROUPING SETS ((user_id, quantity::int % 2), (user_id), ()) ORDER BY 1, 2$$);
SELECT deparse_check.compare($$SELECT user_id, count(*) FROM orders GROUP BY DISTINCT CUBE (user_id), user_id ORDER BY 1, 2$$);
SELECT deparse_check.compare($$SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY amount), mode() WITHIN GROUP (ORDER BY note DESC), rank(3) WITHIN GROUP (ORDER BY id) FROM orders$$);
SELECT deparse_check.compare($$SELECT id, row_number() OVER w, sum(amount) OVER (w ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES), lag(note, 1, 'none') OVER (ORDER BY id DESC) FROM orders WINDOW w AS (PARTITION BY user_id ORDER BY id) ORDER BY id$$);
SELECT deparse_check.compare($$SELECT DISTINCT ON (user_id) user_id, id FROM orders ORDER BY user_id, id DESC NULLS LAST$$);
SELECT deparse_check.compare($$SELECT DISTINCT user_id FROM orders ORDER BY user_id DESC OFFSET 1 LIMIT 2$$);
SELECT deparse_check.compare($$SELECT id FROM orders ORDER BY id FETCH FIRST 3 ROWS WITH TIES$$);
SELECT deparse_check.compare($$SELECT id FROM orders ORDER BY id USING > LIMIT (SELECT 2)$$);
SELECT deparse_check.compare($$SELECT name AS id, id AS name FROM users GROUP BY id, users.name ORDER BY users.id$$);
SELECT deparse_check.compare($$SELECT 'x'::text AS c, 1 FROM users ORDER BY 2, id$$);

-- set operations and CTEs
SELECT deparse_check.compare($$SELECT id FROM users UNION SELECT user_id FROM orders ORDER BY 1$$);
SELECT deparse_check.compare($$(SELECT id, name FROM users ORDER BY id LIMIT 2) UNION ALL (SELECT kind, label FROM ref_kinds EXCEPT SELECT 1, 'one') ORDER BY 1, 2$$);
SELECT deparse_check.compare($$SELECT id FROM users INTERSECT ALL (SELECT user_id FROM orders EXCEPT SELECT 2) ORDER BY id$$);
SELECT deparse_check.compare($$SELECT * FROM (VALUES (1, 'a'), (2, NULL)) v(a, b) JOIN users ON id = a ORDER BY a$$);
SELECT deparse_check.compare($$WITH users AS (SELECT * FROM shop.users WHERE id < 4), x AS MATERIALIZED (SELECT * FROM users) SELECT * FROM x JOIN shop.users USING (id) ORDER BY id$$);
SELECT deparse_check.compare($$WITH RECURSIVE r(n, p) AS (SELECT 1, ARRAY[1] UNION ALL SELECT n + 1, p || n FROM r JOIN users ON id = n WHERE n < 4) SELECT * FROM r ORDER BY n$$);
SELECT deparse_check.compare($$WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT id FROM r, users WHERE id = n + 1) SEARCH DEPTH FIRST BY n SET ord SELECT * FROM r ORDER BY n$$);
SELECT deparse_check.compare($$WITH RECURSIVE r(n, t) AS (SELECT 1, 'a' UNION ALL SELECT id % 3, t || id FROM r, users WHERE id = n + 1) SEARCH BREADTH FIRST BY n SET ord CYCLE n SET is_cycle TO 'Y' DEFAULT 'N' USING path SELECT * FROM r ORDER BY ord$$);
SELECT deparse_check.compare($$SELECT * FROM users u WHERE EXISTS (WITH o AS (SELECT * FROM orders WHERE user_id = u.id) SELECT * FROM o WHERE o.id > 2) ORDER BY u.id$$);
SELECT deparse_check.compare($$SELECT * FROM (SELECT id, id, name FROM users) x ORDER BY 1$$);
SELECT deparse_check.compare($$SELECT * FROM (SELECT 1 AS a UNION SELECT 2 ORDER BY a DESC) x(b) ORDER BY b$$);
SELECT deparse_check.compare($$WITH a AS (WITH b AS (SELECT * FROM users) SELECT * FROM b) SELECT a.id, b.id FROM a, LATERAL (WITH b AS (SELECT a.id AS id) SELECT * FROM b) b ORDER BY 1$$);
SELECT deparse_check.compare($$WITH x(p) AS NOT MATERIALIZED (SELECT id, name FROM users) SELECT x, x.p, x.name FROM x ORDER BY p$$);

-- settings
SET standard_conforming_strings = off;
SET bytea_output = 'escape';
SET quote_all_identifiers = on;
SELECT deparse_check.compare($$SELECT 'a\\b', '\\x00ff'::bytea, E'\\' || name FROM users ORDER BY id$$);
RESET standard_conforming_strings;
RESET bytea_output;
RESET quote_all_identifiers;
SHOW DateStyle;

-- views
SELECT deparse_check.compare($$SELECT * FROM user_view ORDER BY id$$);
SELECT deparse_check.compare($$SELECT user_view.called, v2.* FROM user_view JOIN user_view v2 USING (id) ORDER BY id$$);
SELECT deparse_check.compare($$SELECT user_view FROM user_view ORDER BY user_view.id$$);
SELECT deparse_check.compare($$SELECT z, y FROM union_view ORDER BY z, y$$);
SELECT deparse_check.compare($$SELECT * FROM both_view b JOIN order_view ON owner = b.id ORDER BY 1, 2, 4$$);

-- locking
SELECT deparse_check.compare($$SELECT id FROM users WHERE id = 1 FOR UPDATE$$);
SELECT deparse_check.compare($$SELECT u.id FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id = 1 FOR NO KEY UPDATE OF u SKIP LOCKED FOR SHARE OF o$$);
SELECT deparse_check.compare($$SELECT * FROM user_view WHERE id = 2 FOR KEY SHARE NOWAIT$$);
SELECT deparse_check.compare($$SELECT v.id FROM (SELECT * FROM user_view FOR UPDATE) v ORDER BY v.id FOR SHARE OF v$$);
