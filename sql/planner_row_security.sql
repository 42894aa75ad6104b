-- Row-level security is what it is on a plain table: rows of other tenants are neither seen nor changed, with PostgreSQL's messages.
CREATE SCHEMA planner_row_security;
SET search_path = planner_row_security;
SET client_min_messages = warning;
\set SHOW_CONTEXT never
CREATE ROLE policy_owner;
CREATE ROLE policy_alice;
CREATE ROLE policy_bob;
CREATE ROLE policy_admin BYPASSRLS;
GRANT CREATE, USAGE ON SCHEMA planner_row_security TO policy_owner;
GRANT USAGE ON SCHEMA planner_row_security TO PUBLIC;
SET ROLE policy_owner;
CREATE TABLE doc (id int PRIMARY KEY, owner name DEFAULT current_user, title text, level int DEFAULT 1);
CREATE TABLE item (id int, no int, owner name, PRIMARY KEY (id, no));
CREATE TABLE tenant_row (tenant int, id int, v text, PRIMARY KEY (tenant, id));
CREATE TABLE word (code text PRIMARY KEY, owner name);
INSERT INTO doc SELECT i, CASE i % 3 WHEN 0 THEN 'policy_alice' WHEN 1 THEN 'policy_bob' ELSE 'policy_owner' END, 'doc ' || i, i % 2
    FROM generate_series(1, 18) i;
INSERT INTO item SELECT id, j, owner FROM doc, generate_series(1, 2) j;
INSERT INTO tenant_row SELECT t, i, t || '-' || i FROM generate_series(1, 4) t, generate_series(1, 3) i;
INSERT INTO word VALUES ('a', 'policy_alice'), ('b', 'policy_bob');
SELECT herd.create_distributed_table('doc', 'id', 4);
SELECT herd.create_distributed_table('item', 'id', colocate_with => 'doc');
SELECT herd.create_distributed_table('tenant_row', 'tenant', 4, 'none');
SELECT herd.create_reference_table('word');
GRANT SELECT, INSERT, UPDATE, DELETE ON doc, item, tenant_row, word TO policy_alice, policy_bob, policy_admin;

-- enabled without a policy: nobody but the owner sees rows
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
SELECT count(*) FROM doc;
SET ROLE policy_alice;
SELECT count(*) FROM doc;
SELECT * FROM doc WHERE id = 3;
INSERT INTO doc (id) VALUES (100);
UPDATE doc SET level = 9;
DELETE FROM doc WHERE id = 3;
SET ROLE policy_admin;
SELECT count(*) FROM doc;

-- SELECT: router, gather, joins, subqueries, set operations, aggregates
SET ROLE policy_owner;
CREATE POLICY own ON doc USING (owner = current_user);
ALTER TABLE item ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON item FOR SELECT USING (owner = current_user);
ALTER TABLE word ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON word USING (owner = current_user);
SET ROLE policy_alice;
SELECT * FROM doc WHERE id = 3;
SELECT * FROM doc WHERE id = 4;
SELECT * FROM doc ORDER BY id;
SELECT count(*), min(id), max(title) FROM doc;
SELECT d.id, i.no FROM doc d JOIN item i USING (id) WHERE d.id < 8 ORDER BY 1, 2;
SELECT d.id, i.no FROM doc d JOIN item i USING (id) WHERE d.id = 3 ORDER BY 1, 2;
SELECT count(*) FROM doc d LEFT JOIN item i ON i.no = d.id;
SELECT d.id, code FROM doc d CROSS JOIN word WHERE d.id = 6;
SELECT * FROM word;
SELECT id FROM doc WHERE EXISTS (SELECT FROM item WHERE item.id = doc.id) ORDER BY id;
SELECT id FROM doc WHERE id = 9 UNION ALL SELECT no FROM item WHERE id = 9 ORDER BY 1;
WITH d AS MATERIALIZED (SELECT * FROM doc) SELECT owner, count(*) FROM d GROUP BY owner;
SELECT title, row_number() OVER (ORDER BY id DESC) FROM doc ORDER BY id LIMIT 2;
SELECT (SELECT title FROM doc WHERE id = 4), (SELECT title FROM doc WHERE id = 6);
SELECT id FROM doc WHERE id = 3 FOR UPDATE;
SELECT id FROM doc WHERE id = 4 FOR UPDATE;
SELECT row_security_active('doc');
COPY (SELECT id FROM doc ORDER BY id) TO STDOUT;
SET ROLE policy_bob;
SELECT id, owner FROM doc ORDER BY id;
SELECT * FROM word;
SET ROLE policy_admin;
SELECT count(*) FROM doc;
SELECT count(*) FROM doc WHERE id = 4;
SET row_security = off;
SELECT count(*) FROM doc;
SET ROLE policy_alice;
SELECT count(*) FROM doc;
SELECT * FROM doc WHERE id = 3;
UPDATE doc SET level = 2 WHERE id = 3;
RESET row_security;

-- writes
INSERT INTO doc (id, title) VALUES (21, 'mine') RETURNING owner;
INSERT INTO doc VALUES (22, 'policy_bob', 'not mine');
INSERT INTO doc VALUES (22, 'policy_alice', 'mine'), (23, 'policy_bob', 'not mine');
INSERT INTO doc SELECT 22, 'policy_bob', 'not mine';
INSERT INTO doc VALUES (4, 'policy_alice', 'taken');
UPDATE doc SET title = 'changed' WHERE id = 3 RETURNING *;
UPDATE doc SET title = 'changed' WHERE id = 4 RETURNING *;
UPDATE doc SET owner = 'policy_bob' WHERE id = 3;
UPDATE doc SET owner = 'policy_bob';
UPDATE doc SET level = level + 10;
DELETE FROM doc WHERE id = 4;
DELETE FROM doc WHERE id = 6 RETURNING id;
DELETE FROM doc WHERE level = 11;
UPDATE item SET no = no + 10 WHERE id = 3;
DELETE FROM item;
INSERT INTO item VALUES (3, 7, 'policy_alice');
UPDATE word SET owner = 'policy_bob' WHERE code = 'a';
UPDATE word SET owner = owner WHERE code = 'b';
DELETE FROM word WHERE code = 'b';
INSERT INTO word VALUES ('c', 'policy_bob');
\copy doc (id) FROM /dev/null
SET ROLE policy_owner;
SELECT * FROM doc ORDER BY id;
SELECT * FROM word ORDER BY code;

-- FORCE: the owner too
ALTER TABLE doc FORCE ROW LEVEL SECURITY;
SELECT id FROM doc ORDER BY id;
SELECT count(*) FROM doc WHERE id = 4;
INSERT INTO doc VALUES (31, 'policy_bob');
COPY (SELECT count(*) FROM doc) TO STDOUT;
ALTER TABLE doc NO FORCE ROW LEVEL SECURITY;
SELECT count(*) FROM doc;

-- a tenant by a setting, with a check of its own and a policy that restricts
ALTER TABLE tenant_row ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tenant_row USING (tenant = current_setting('app.tenant')::int)
    WITH CHECK (tenant = current_setting('app.tenant')::int AND v <> 'bad');
CREATE POLICY not_three ON tenant_row AS RESTRICTIVE FOR UPDATE USING (id <> 3) WITH CHECK (v <> 'worse');
SET ROLE policy_alice;
SELECT count(*) FROM tenant_row;
SET app.tenant = '2';
SELECT * FROM tenant_row ORDER BY id;
SELECT * FROM tenant_row WHERE tenant = 2 ORDER BY id;
SELECT * FROM tenant_row WHERE tenant = 3 ORDER BY id;
INSERT INTO tenant_row VALUES (2, 4, 'new');
INSERT INTO tenant_row VALUES (3, 4, 'new');
INSERT INTO tenant_row VALUES (2, 5, 'bad');
UPDATE tenant_row SET v = 'u' WHERE tenant = 2 RETURNING *;
UPDATE tenant_row SET v = 'bad' WHERE tenant = 2 AND id = 1;
UPDATE tenant_row SET v = 'worse' WHERE tenant = 2 AND id = 1;
UPDATE tenant_row SET v = 'u' WHERE tenant = 3;
DELETE FROM tenant_row WHERE id = 4;
SET app.tenant = 'x';
SELECT count(*) FROM tenant_row;
PREPARE tenant_rows AS SELECT count(*), min(v) FROM tenant_row;
PREPARE tenant_one(int) AS SELECT v FROM tenant_row WHERE tenant = $1 AND id = 1;
SET app.tenant = '1';
EXECUTE tenant_rows;
EXECUTE tenant_one(1);
EXECUTE tenant_one(2);
SET app.tenant = '2';
EXECUTE tenant_rows;
EXECUTE tenant_one(1);
EXECUTE tenant_one(2);
SET plan_cache_mode = force_generic_plan;
SET app.tenant = '3';
EXECUTE tenant_rows;
EXECUTE tenant_one(1);
EXECUTE tenant_one(3);
BEGIN;
SET LOCAL app.tenant = '4';
EXECUTE tenant_rows;
EXECUTE tenant_one(4);
ROLLBACK;
EXECUTE tenant_one(3);

-- one prepared statement, several roles
RESET ROLE;
PREPARE mine AS SELECT count(*) FROM doc;
PREPARE one(int) AS SELECT owner FROM doc WHERE id = $1;
PREPARE change(int) AS UPDATE doc SET level = 5 WHERE id = $1 RETURNING id;
EXECUTE mine;
EXECUTE one(4);
SET ROLE policy_alice;
EXECUTE mine;
EXECUTE one(4);
EXECUTE change(4);
EXECUTE change(9);
SET ROLE policy_bob;
EXECUTE mine;
EXECUTE one(4);
EXECUTE change(4);
EXECUTE change(9);
SET row_security = off;
EXECUTE mine;
RESET row_security;
SET ROLE policy_owner;
DROP POLICY own ON doc;
CREATE POLICY levels ON doc TO policy_bob USING (level < 2);
SET ROLE policy_bob;
EXECUTE mine;
EXECUTE one(2);
SET ROLE policy_alice;
EXECUTE mine;
SET ROLE policy_owner;
ALTER TABLE doc DISABLE ROW LEVEL SECURITY;
SET ROLE policy_alice;
EXECUTE mine;
DEALLOCATE ALL;
RESET plan_cache_mode;

-- a condition that tells what it sees gets only rows that the policy lets pass
SET ROLE policy_owner;
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY alice ON doc TO policy_alice USING (owner = 'policy_alice' AND level > 0);
CREATE FUNCTION leak(text) RETURNS bool LANGUAGE plpgsql COST 0.0001 AS $$
BEGIN RAISE WARNING 'seen: %', $1; RETURN true; END $$;
GRANT CREATE ON SCHEMA planner_row_security TO policy_alice;
SET ROLE policy_alice;
CREATE OPERATOR <<< (LEFTARG = text, FUNCTION = leak);
SELECT id FROM doc WHERE id = 4 AND leak(title);
SELECT id FROM doc WHERE id = 9 AND leak(title);
SELECT count(*) FROM doc WHERE id > 14 AND leak(title);
SELECT id FROM doc WHERE id > 10 AND 1 / (id - 4) > 0;
SELECT count(*) FROM doc WHERE 1 / (id - 4) >= 0;
SELECT id FROM doc WHERE id = 4 AND 1 / (id - 4) > 0;
SELECT id FROM doc WHERE id = 4 AND title::int > 0;
SELECT count(*) FROM doc WHERE owner <> 'policy_alice' AND title::int > 0;
UPDATE doc SET level = 6 WHERE title::int = 7 AND owner = 'policy_bob';
UPDATE doc SET level = 6 WHERE id = 4 AND title::int = 7;
DELETE FROM doc WHERE id = 4 AND title::int = 7;
DELETE FROM doc WHERE owner <> 'policy_alice' AND title::int = 7;

-- views: the policies for their owner, or for the caller
RESET ROLE;
CREATE VIEW all_docs AS SELECT id, owner, current_user::text AS me FROM doc;
ALTER VIEW all_docs OWNER TO policy_bob;
CREATE VIEW my_docs WITH (security_invoker) AS SELECT id, owner FROM doc;
GRANT SELECT ON all_docs, my_docs TO policy_alice;
SET ROLE policy_alice;
SELECT DISTINCT owner, me FROM all_docs ORDER BY owner;
SELECT * FROM all_docs WHERE id = 4;
SELECT * FROM my_docs ORDER BY id;
SELECT * FROM my_docs WHERE id = 4;

-- conditions with subqueries: on a colocated table by the key, on another key, on a reference table, on the table of another policy
RESET ROLE;
SET SESSION AUTHORIZATION policy_owner;
CREATE TABLE member (id int, who name, PRIMARY KEY (id, who));
CREATE TABLE team (name text PRIMARY KEY, who name);
CREATE TABLE project (id int PRIMARY KEY, team text, v int);
INSERT INTO member SELECT i, 'policy_alice' FROM generate_series(1, 4) i UNION ALL SELECT 5, 'policy_bob';
INSERT INTO team VALUES ('red', 'policy_alice'), ('blue', 'policy_bob');
INSERT INTO project SELECT i, CASE i % 2 WHEN 0 THEN 'red' ELSE 'blue' END, i FROM generate_series(1, 8) i;
SELECT herd.create_distributed_table('project', 'id', 4);
SELECT herd.create_distributed_table('member', 'id', colocate_with => 'project');
SELECT herd.create_reference_table('team');
GRANT ALL ON member, team, project TO policy_alice, policy_bob;
ALTER TABLE project ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_member ON project USING (EXISTS (SELECT FROM member m WHERE m.id = project.id AND m.who = current_user));
RESET SESSION AUTHORIZATION;
SET ROLE policy_alice;
SELECT * FROM project ORDER BY id;
SELECT * FROM project WHERE id = 3;
SELECT * FROM project WHERE id = 5;
SELECT count(*) FROM project p JOIN project q ON p.id = q.v;
UPDATE project SET v = 30 WHERE id = 3 RETURNING *;
UPDATE project SET v = 50 WHERE id = 5 RETURNING *;
DELETE FROM project WHERE id = 5;
INSERT INTO project VALUES (9, 'red', 9);
INSERT INTO member VALUES (9, 'policy_alice');
INSERT INTO project VALUES (9, 'red', 9) RETURNING id;
SET ROLE policy_owner;
DROP POLICY by_member ON project;
CREATE POLICY by_team ON project USING (team IN (SELECT name FROM team WHERE who = current_user));
ALTER TABLE team ENABLE ROW LEVEL SECURITY;
CREATE POLICY not_red ON team USING (name <> 'red' OR current_setting('app.red', true) = 'yes');
SET ROLE policy_alice;
SELECT * FROM project ORDER BY id;
SET app.red = 'yes';
SELECT * FROM project ORDER BY id;
SELECT * FROM project WHERE id = 4;
SELECT * FROM project WHERE id = 5;
UPDATE project SET v = v + 1 WHERE id = 4 RETURNING *;
UPDATE project SET team = 'blue' WHERE id = 4;
INSERT INTO project VALUES (10, 'blue', 1);
INSERT INTO project VALUES (10, 'red', 1) RETURNING *;
SET ROLE policy_bob;
SELECT * FROM project ORDER BY id;
SET ROLE policy_owner;
ALTER TABLE team DISABLE ROW LEVEL SECURITY;
DROP POLICY by_team ON project;
CREATE POLICY by_any ON project FOR SELECT USING (id IN (SELECT id + 1 FROM member WHERE who = current_user));
CREATE POLICY ins ON project FOR INSERT WITH CHECK (v > 0);
CREATE POLICY upd ON project FOR UPDATE USING (v > 2) WITH CHECK (v < 100);
SET ROLE policy_alice;
SELECT id FROM project ORDER BY id;
SELECT id FROM project WHERE id = 1;
SELECT id FROM project WHERE id = 2;
INSERT INTO project VALUES (20, 'x', 1);
INSERT INTO project VALUES (21, 'x', 0);
INSERT INTO project VALUES (21, 'x', 1) RETURNING id;
UPDATE project SET v = 200 WHERE id = 3;
UPDATE project SET v = 20 WHERE id = 2;
UPDATE project SET v = 99;
DELETE FROM project;

-- conditions that only the coordinator can evaluate
SET ROLE policy_owner;
DROP POLICY by_any ON project;
DROP POLICY ins ON project;
DROP POLICY upd ON project;
CREATE FUNCTION is_mine(t text) RETURNS bool LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = planner_row_security AS
    'BEGIN RETURN EXISTS (SELECT FROM team WHERE name = t AND who = session_user); END';
CREATE POLICY by_function ON project USING (is_mine(team));
RESET ROLE;
SET SESSION AUTHORIZATION policy_bob;
SELECT id, team FROM project ORDER BY id;
SELECT id, team FROM project WHERE id = 5;
SELECT id, team FROM project WHERE id = 4;
SELECT id FROM project WHERE id < 8 AND 1 / (id - 4) >= 0 ORDER BY id;
SELECT id FROM project WHERE id = 4 AND 1 / (id - 4) >= 0;
RESET SESSION AUTHORIZATION;

-- views with a check
SET ROLE policy_owner;
CREATE VIEW small AS SELECT id, v FROM project WHERE v < 10 WITH CHECK OPTION;
CREATE VIEW tiny AS SELECT id, v FROM small WHERE v < 5 WITH LOCAL CHECK OPTION;
\set VERBOSITY terse
INSERT INTO small VALUES (40, 11);
INSERT INTO small VALUES (40, 9);
INSERT INTO tiny VALUES (41, 6);
UPDATE small SET v = 12 WHERE id = 40;
UPDATE small SET v = v + 8;
UPDATE tiny SET v = 4 WHERE id = 40;
UPDATE small SET v = 4 WHERE id = 40;
UPDATE tiny SET v = 3 WHERE id = 40 RETURNING *;
\set VERBOSITY default
CREATE VIEW shielded WITH (security_barrier) AS SELECT * FROM project WHERE team = 'red';
GRANT SELECT ON shielded TO policy_bob;
GRANT EXECUTE ON FUNCTION leak TO policy_bob;
SET ROLE policy_bob;
SELECT id FROM shielded WHERE id = 5 AND leak(team);
SELECT id FROM shielded WHERE id = 4 AND leak(team);
SELECT count(*) FROM shielded WHERE 1 / (id - 5) >= 0;
SELECT count(*) FROM shielded WHERE id = 5 AND 1 / (id - 5) >= 0;

-- functions with the rights, and so the policies, of their definer
SET ROLE policy_bob;
RESET ROLE;
CREATE FUNCTION alices() RETURNS SETOF int LANGUAGE sql STABLE SECURITY DEFINER SET search_path = planner_row_security
    AS 'SELECT id FROM doc WHERE id < 10';
ALTER FUNCTION alices() OWNER TO policy_alice;
CREATE FUNCTION callers() RETURNS SETOF int LANGUAGE sql STABLE AS 'SELECT id FROM doc WHERE id < 10';
SET ROLE policy_bob;
SELECT * FROM alices() ORDER BY 1;
SELECT * FROM callers() ORDER BY 1;
SET ROLE policy_alice;
SELECT * FROM callers() ORDER BY 1;

RESET ROLE;
DROP SCHEMA planner_row_security CASCADE;
DROP ROLE policy_owner, policy_alice, policy_bob, policy_admin;
