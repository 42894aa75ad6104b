-- Writes over several shards: what runs on each shard by itself, what goes through rows, and what is refused.
CREATE SCHEMA planner_writes;
SET search_path = planner_writes;
SET herd.shard_count = 4;
\set SHOW_CONTEXT never
CREATE TABLE users (id int PRIMARY KEY, name text, score int NOT NULL DEFAULT 0 CHECK (score >= 0));
CREATE TABLE orders (user_id int, id int, amount int, PRIMARY KEY (user_id, id));
CREATE TABLE elsewhere (key int, v int);
CREATE TABLE rates (code text PRIMARY KEY, rate int);
CREATE TABLE plain (id int, v int);
SELECT herd.create_distributed_table('users', 'id'), herd.create_distributed_table('orders', 'user_id'),
       herd.create_distributed_table('elsewhere', 'key', colocate_with => 'none'), herd.create_reference_table('rates');
INSERT INTO users SELECT i, 'user ' || i FROM generate_series(1, 12) i;
INSERT INTO orders SELECT i % 12 + 1, i, i FROM generate_series(1, 60) i;
INSERT INTO elsewhere SELECT i, i * 10 FROM generate_series(1, 6) i;
INSERT INTO rates VALUES ('a', 1), ('b', 2);
INSERT INTO plain VALUES (1, 100), (2, 200);
\set QUIET off

-- Whole tables, conditions, RETURNING; command tags count all shards.
UPDATE users SET score = id * 10;
UPDATE users SET score = score + 1 WHERE id % 3 = 0;
UPDATE users SET score = score + 1, name = upper(name) WHERE score > 115 RETURNING id, name, score - 1 AS before;
WITH u AS (SELECT 5 AS n) UPDATE users SET score = (SELECT n FROM u) WHERE id IN (1, 2, 3);
DELETE FROM orders WHERE amount > 50;
DELETE FROM orders WHERE false RETURNING *;
CREATE FUNCTION gone() RETURNS SETOF orders LANGUAGE plpgsql AS $$
BEGIN RETURN QUERY DELETE FROM orders WHERE id IN (1, 2, 3) RETURNING *; END $$;
SELECT * FROM gone() ORDER BY id;
SELECT id, name, score FROM users ORDER BY id;
-- Only the shards that can hold the rows.
CREATE FUNCTION shards_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        IF line ~ 'Shards:' THEN RETURN btrim(line); END IF;
    END LOOP;
END $$;
SELECT shards_of('UPDATE users SET score = 1 WHERE id IN (1, 2)') AS two,
       shards_of('DELETE FROM users WHERE id = ANY (''{}'')') AS none,
       shards_of('UPDATE users u SET score = 1 FROM orders o WHERE o.user_id = u.id AND u.id IN (1, 2)') AS joined,
       shards_of('DELETE FROM users WHERE id IN (1, 2) OR score = 1') AS "or",
       shards_of('DELETE FROM users WHERE id NOT IN (1, 2)') AS not_in;
UPDATE users SET score = score WHERE id IN (1, 2, 7, 7, NULL);
UPDATE users SET score = score WHERE id = ANY ('{}');
DELETE FROM users WHERE id = ANY (NULL);
-- With other tables, by the key; with reference tables, anyhow.
UPDATE users u SET score = o.amount FROM orders o WHERE o.user_id = u.id AND o.id = 23 + u.id;
UPDATE users u SET name = (SELECT count(*) FROM orders o WHERE o.user_id = u.id)::int4::text WHERE id < 4;
DELETE FROM users u USING orders o WHERE o.user_id = u.id AND o.amount = 50;
DELETE FROM users u WHERE NOT EXISTS (SELECT FROM orders o WHERE o.user_id = u.id);
UPDATE orders o SET amount = amount * r.rate FROM rates r WHERE r.code = 'b' AND o.amount < 10;
SELECT count(*), sum(score) FROM users;
SELECT count(*), sum(amount) FROM orders;
-- INSERT of several rows, of a query, and ON CONFLICT.
INSERT INTO users VALUES (20, 'twenty', DEFAULT), (21, 'twenty-one', 21), (22, DEFAULT, DEFAULT), (23, NULL, 0);
INSERT INTO users (id) SELECT i FROM generate_series(30, 39) i;
INSERT INTO users SELECT key + 40, 'from elsewhere', v FROM elsewhere ORDER BY key LIMIT 3;
INSERT INTO users SELECT id + 100, name, score FROM users WHERE id >= 20;
INSERT INTO users SELECT id, 'again' FROM users WHERE id >= 100 ON CONFLICT DO NOTHING;
INSERT INTO users VALUES (20, 'x'), (50, 'fifty') ON CONFLICT (id) DO NOTHING;
INSERT INTO users AS u VALUES (20, 'x', 1), (51, 'fifty-one', 2) ON CONFLICT (id) DO UPDATE SET score = u.score + excluded.score + 5;
INSERT INTO users SELECT i, 'many' FROM generate_series(20, 60) i ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE users.id > 50;
CREATE FUNCTION added() RETURNS SETOF users LANGUAGE plpgsql AS $$
BEGIN RETURN QUERY INSERT INTO users VALUES (70, 'a'), (71, 'b'), (72, 'c') RETURNING *; END $$;
SELECT * FROM added() ORDER BY id;
INSERT INTO plain SELECT id, score FROM users WHERE id < 4 ORDER BY id;
SELECT count(*), sum(score), count(*) FILTER (WHERE name = 'many') FROM users;
INSERT INTO rates SELECT 'c' || i, i FROM generate_series(1, 3) i;
UPDATE rates SET rate = rate + 1;
SELECT * FROM rates ORDER BY code;
-- Errors undo the whole statement.
UPDATE users SET score = CASE WHEN id = 31 THEN -5 ELSE 1 END WHERE id >= 20;
INSERT INTO users SELECT i, 'x' FROM generate_series(1000, 1009) i UNION ALL SELECT 60, 'there';
INSERT INTO users VALUES (2000, 'x', 1), (2001, 'x', NULL);
INSERT INTO users VALUES (2000, 'x'), (NULL, 'x');
INSERT INTO users VALUES (2000, 'x'), (2000, 'y');
INSERT INTO users VALUES (2000, 'x'), (2000, 'y') ON CONFLICT (id) DO UPDATE SET name = 'z';
SELECT count(*), sum(score), count(*) FILTER (WHERE id >= 1000) FROM users;

-- PostgreSQL plans what shards can't do alone; rows are locked ahead and changed many at a time.
BEGIN;
UPDATE users SET id = id + 10000 WHERE id < 5;
UPDATE users u SET score = e.v FROM elsewhere e WHERE e.key = u.id;
UPDATE users u SET score = p.v FROM plain p WHERE p.id = u.id;
UPDATE plain p SET v = u.score FROM users u WHERE u.id = p.id;
DELETE FROM users WHERE score > (SELECT avg(score) FROM users);
MERGE INTO users u USING plain p ON p.id = u.id WHEN MATCHED THEN UPDATE SET score = p.v;
WITH gone AS (DELETE FROM orders RETURNING *) SELECT count(*) FROM gone;
WITH new AS (INSERT INTO users VALUES (3000), (3001) RETURNING id) UPDATE users SET score = 1 WHERE id IN (SELECT id FROM new);
SELECT count(*), sum(id) FROM users;
ROLLBACK;

-- Refused, changing nothing. To foreign keys, a row that moves to another shard would be one that is deleted.
CREATE TABLE parent (id int PRIMARY KEY, v int);
CREATE TABLE child (parent int REFERENCES parent ON DELETE CASCADE, id int, PRIMARY KEY (parent, id));
SELECT herd.create_distributed_table('parent', 'id', shard_count => 4);
SELECT herd.create_distributed_table('child', 'parent', colocate_with => 'parent');
INSERT INTO parent VALUES (1, 1);
INSERT INTO child VALUES (1, 1);
UPDATE parent SET id = 77;
MERGE INTO parent p USING (VALUES (1)) n (id) ON p.id = n.id WHEN MATCHED THEN UPDATE SET id = 77;
WITH moved AS (UPDATE parent SET id = 77 RETURNING id) SELECT * FROM moved;
SELECT count(*) FROM child;
INSERT INTO users VALUES (20) ON CONFLICT (id) DO UPDATE SET id = 21;
UPDATE rates SET rate = (SELECT count(*) FROM users);
WITH new AS (INSERT INTO rates SELECT 99, 1 FROM users RETURNING *) SELECT * FROM new;
WITH new AS (INSERT INTO users VALUES (20, 'x'), (21, 'y') ON CONFLICT DO NOTHING RETURNING id) SELECT * FROM new;
MERGE INTO rates r USING users u ON r.rate = u.score WHEN MATCHED THEN DELETE;
UPDATE users SET score = 1 WHERE ctid = '(0,1)';
DELETE FROM users a USING users b WHERE a.id = b.id AND a.ctid < b.ctid;
INSERT INTO users VALUES (20, 'x'), (2100, 'y') ON CONFLICT ON CONSTRAINT users_nonexistent DO NOTHING;
DECLARE c CURSOR FOR SELECT * FROM users;
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM users WHERE id = 20;
FETCH c;
UPDATE users SET score = 0 WHERE CURRENT OF c;
ROLLBACK;
SELECT count(*), sum(score), count(*) FILTER (WHERE id >= 1000) FROM users;
SELECT count(*), sum(amount) FROM orders;
SELECT count(*), sum(v) FROM plain;
SET client_min_messages = warning;
DROP SCHEMA planner_writes CASCADE;
