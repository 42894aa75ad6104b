-- Prepared statements and PL/pgSQL find the shard of each execution's values, and see changed tables at once.
CREATE SCHEMA planner_prepared;
SET search_path = planner_prepared;
SET herd.shard_count = 4;
SET herd.explain_node_plans = off;
\set SHOW_CONTEXT never
CREATE TABLE users (id int PRIMARY KEY, name text, score int DEFAULT 0);
CREATE TABLE notes (user_id int, note text);
CREATE TABLE plain (id int PRIMARY KEY, name text);
SELECT herd.create_distributed_table('users', 'id'), herd.create_distributed_table('notes', 'user_id');
INSERT INTO users SELECT i, 'user ' || i FROM generate_series(1, 10) i;
INSERT INTO notes SELECT i % 10 + 1, 'note ' || i FROM generate_series(1, 30) i;
INSERT INTO plain SELECT i, 'plain ' || i FROM generate_series(1, 10) i;

-- Seven executions each: custom plans, then a generic one.
PREPARE by_key (int) AS SELECT id, name FROM users WHERE id = $1;
EXECUTE by_key(1);
EXECUTE by_key(2);
EXECUTE by_key(3);
EXECUTE by_key(4);
EXECUTE by_key(5);
EXECUTE by_key(6);
EXECUTE by_key(7);
EXECUTE by_key(NULL);
EXECUTE by_key(99);
PREPARE expression_key (int) AS SELECT id, name FROM users WHERE id = $1 * 2 - 1;
EXECUTE expression_key(1);
EXECUTE expression_key(2);
EXECUTE expression_key(3);
EXECUTE expression_key(4);
EXECUTE expression_key(5);
EXECUTE expression_key(1);
EXECUTE expression_key(2);
PREPARE joined (int, text) AS
    SELECT u.name, count(n.*) FROM users u LEFT JOIN notes n ON n.user_id = u.id AND n.note LIKE $2 WHERE u.id = $1 GROUP BY 1;
EXECUTE joined(1, '%');
EXECUTE joined(2, '%1%');
EXECUTE joined(3, '%2%');
EXECUTE joined(4, '%3%');
EXECUTE joined(5, NULL);
EXECUTE joined(6, '%');
EXECUTE joined(7, '%6');
PREPARE gathered (int) AS SELECT count(*), min(id) FROM users WHERE id > $1;
EXECUTE gathered(1);
EXECUTE gathered(2);
EXECUTE gathered(3);
EXECUTE gathered(4);
EXECUTE gathered(5);
EXECUTE gathered(6);
EXECUTE gathered(NULL);
PREPARE add (int, text) AS INSERT INTO users (id, name) VALUES ($1, $2) RETURNING id, score;
EXECUTE add(11, 'a');
EXECUTE add(12, 'b');
EXECUTE add(13, 'c');
EXECUTE add(14, 'd');
EXECUTE add(15, 'e');
EXECUTE add(16, NULL);
EXECUTE add(17, 'g');
EXECUTE add(17, 'again');
EXECUTE add(NULL, 'no key');
PREPARE change (int, int) AS UPDATE users SET score = score + $2 WHERE id = $1 RETURNING id, score;
EXECUTE change(11, 1);
EXECUTE change(12, 2);
EXECUTE change(13, 3);
EXECUTE change(14, 4);
EXECUTE change(15, 5);
EXECUTE change(16, 6);
EXECUTE change(17, 7);
PREPARE change_all (int) AS UPDATE users SET score = score + $1 WHERE id > 10;
EXECUTE change_all(1);
EXECUTE change_all(1);
EXECUTE change_all(1);
EXECUTE change_all(1);
EXECUTE change_all(1);
EXECUTE change_all(1);
EXECUTE change_all(1);
PREPARE remove (int[]) AS DELETE FROM users WHERE id = ANY ($1);
EXECUTE remove('{11,12}');
EXECUTE remove('{13}');
EXECUTE remove('{}');
EXECUTE remove(NULL);
EXECUTE remove('{14,NULL}');
EXECUTE remove('{15,16}');
EXECUTE remove('{99}');
SELECT id, score FROM users WHERE id > 10 ORDER BY id;

-- The generic plan names no shard before it has the value.
SET plan_cache_mode = force_generic_plan;
CREATE FUNCTION shards_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        IF line ~ 'Shards:' THEN RETURN btrim(line); END IF;
    END LOOP;
    RETURN 'none';
END $$;
SELECT shards_of('EXECUTE by_key(3)'), shards_of('EXECUTE gathered(3)'), shards_of('EXECUTE remove(''{1,2}'')');
EXECUTE by_key(3);
SELECT generic_plans > 0 FROM pg_prepared_statements WHERE name = 'by_key';
SET plan_cache_mode = force_custom_plan;
SELECT shards_of('EXECUTE by_key(3)');
EXECUTE by_key(3);
RESET plan_cache_mode;

-- PL/pgSQL: variables as keys, loops, dynamic statements.
CREATE FUNCTION name_of(key int) RETURNS text LANGUAGE plpgsql AS $$
BEGIN RETURN (SELECT name FROM users WHERE id = key); END $$;
SELECT string_agg(name_of(i), ',' ORDER BY i) FROM generate_series(1, 10) i;
CREATE FUNCTION visit(first int, last int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    u users;
    total int := 0;
    changed int;
BEGIN
    FOR i IN first..last LOOP
        SELECT * INTO STRICT u FROM users WHERE id = i;
        UPDATE users SET score = u.score + i WHERE id = u.id;
        GET DIAGNOSTICS changed = ROW_COUNT;
        total := total + changed;
        INSERT INTO notes VALUES (u.id, 'visited');
        EXECUTE 'UPDATE users SET name = $2 WHERE id = $1' USING i, u.name || '!';
    END LOOP;
    RETURN total || ' ' || (SELECT sum(score) FROM users WHERE id BETWEEN first AND last);
EXCEPTION WHEN no_data_found THEN
    RETURN 'none';
END $$;
SELECT visit(1, 8), visit(9, 11), visit(2, 3);
SELECT id, name, score FROM users ORDER BY id;
SELECT count(*) FROM notes WHERE note = 'visited';

-- A plan is made anew when what it stands on changes.
PREPARE plain_key (int) AS SELECT name FROM plain WHERE id = $1;
PREPARE plain_all AS SELECT count(*) FROM plain;
PREPARE plain_add (int) AS INSERT INTO plain VALUES ($1, 'new');
EXECUTE plain_key(1);
EXECUTE plain_all;
EXECUTE plain_add(11);
SELECT shards_of('EXECUTE plain_key(1)');
SELECT herd.create_distributed_table('plain', 'id', colocate_with => 'none');
EXECUTE plain_key(1);
EXECUTE plain_all;
EXECUTE plain_add(12);
SELECT shards_of('EXECUTE plain_key(1)');
SELECT herd.undistribute_table('plain');
EXECUTE plain_key(12);
EXECUTE plain_all;
EXECUTE plain_add(13);
SELECT shards_of('EXECUTE plain_key(1)');
SELECT herd.create_reference_table('plain');
EXECUTE plain_key(13);
EXECUTE plain_all;
EXECUTE plain_add(14);
SELECT shards_of('EXECUTE plain_key(1)');
SELECT herd.undistribute_table('plain');
ALTER TABLE plain DROP CONSTRAINT plain_pkey;
SELECT herd.create_distributed_table('plain', 'name', colocate_with => 'none');
EXECUTE plain_all;
EXECUTE plain_key(13);
SELECT shards_of('EXECUTE plain_key(1)');
-- Renamed, with more columns and indexes.
CREATE INDEX users_score ON users (score);
EXECUTE by_key(1);
ALTER TABLE users ADD COLUMN extra text DEFAULT 'x';
EXECUTE by_key(1);
EXECUTE add(30, 'more');
PREPARE whole AS SELECT * FROM users WHERE id = 30;
EXECUTE whole;
ALTER TABLE users RENAME COLUMN name TO label;
EXECUTE by_key(1);
EXECUTE whole;
ALTER TABLE users RENAME COLUMN label TO name;
EXECUTE by_key(1);
EXECUTE whole;
ALTER TABLE users DROP COLUMN extra;
EXECUTE whole;
EXECUTE change(1, 100);
-- Rolled back changes leave the old plans good.
BEGIN;
SELECT herd.undistribute_table('notes');
EXECUTE joined(2, '%');
ROLLBACK;
EXECUTE joined(2, '%');
BEGIN;
DROP TABLE notes;
EXECUTE joined(2, '%');
ROLLBACK;
EXECUTE joined(2, '%');
DROP TABLE notes;
EXECUTE joined(2, '%');
CREATE TABLE notes (user_id int, note text);
EXECUTE joined(2, '%');
DISCARD ALL;
SET search_path = planner_prepared;
EXECUTE by_key(1);
PREPARE by_key (int) AS SELECT id, name FROM users WHERE id = $1;
EXECUTE by_key(1);
SET client_min_messages = warning;
DROP SCHEMA planner_prepared CASCADE;
