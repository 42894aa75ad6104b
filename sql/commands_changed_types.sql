-- Types change while sessions with prepared statements use them, or while no distributed table does: what the nodes hold of them is never
-- something else than the type is here.
CREATE SCHEMA commands_changed_types;
SET search_path = commands_changed_types;
SET herd.shard_count = 4;
SET plan_cache_mode = force_generic_plan;
SET client_min_messages = warning;

CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TYPE pair AS (number int, mood mood);
CREATE DOMAIN small AS int CHECK (VALUE < 100);
CREATE DOMAIN code AS varchar(3);
CREATE TABLE item (id int PRIMARY KEY, mood mood, pair pair, small small, code code);
INSERT INTO item SELECT i, 'sad', ROW(i, 'happy')::pair, i, 'c' || i FROM generate_series(1, 5) i;
SELECT herd.create_distributed_table('item', 'id');
PREPARE everything AS SELECT * FROM item ORDER BY id;
PREPARE one (int) AS SELECT mood, (pair).mood AS other, small, code FROM item WHERE id = $1;
PREPARE least (mood) AS SELECT count(*), max(mood) FROM item WHERE mood >= $1;
PREPARE put (int, mood, small) AS UPDATE item SET mood = $2, small = $3 WHERE id = $1;
EXECUTE everything;
EXECUTE one (3);
EXECUTE least ('happy');

-- a value more
ALTER TYPE mood ADD VALUE 'ok' BEFORE 'happy';
EXECUTE put (3, 'ok', 30);
EXECUTE one (3);
EXECUTE least ('ok');
EXECUTE everything;

-- changed where nothing of it is distributed
SELECT herd.undistribute_table('item');
EXECUTE one (3);
ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';
ALTER TYPE mood ADD VALUE 'angry' BEFORE 'sad';
ALTER TYPE pair ADD ATTRIBUTE note text;
ALTER TYPE pair RENAME ATTRIBUTE mood TO feeling;
ALTER DOMAIN small DROP CONSTRAINT small_check;
ALTER DOMAIN small ADD CONSTRAINT small_check CHECK (VALUE < 1000);
ALTER DOMAIN code SET NOT NULL;
SELECT herd.create_distributed_table('item', 'id');
EXECUTE put (3, 'angry', 300);
EXECUTE put (4, 'fine', 3000);
UPDATE item SET pair = ROW(7, 'angry', 'n')::pair WHERE id = 4;
UPDATE item SET code = NULL WHERE id = 4;
SELECT (pair).feeling, (pair).note FROM item WHERE (pair).feeling < 'sad';
EXECUTE least ('sad');
SELECT * FROM item ORDER BY mood, id;

-- another type of that name
DEALLOCATE put;
DEALLOCATE least;
DROP TYPE pair, mood, small, code CASCADE;
EXECUTE everything;
EXECUTE one (3);
CREATE DOMAIN mood AS text CHECK (VALUE <> 'sad');
CREATE TYPE small AS ENUM ('s', 'xs');
CREATE TYPE pair AS (mood mood, small small);
ALTER TABLE item ADD COLUMN small small DEFAULT 'xs', ADD COLUMN pair pair, ADD COLUMN code int, ADD COLUMN mood int;
EXECUTE one (2);
DEALLOCATE ALL;
PREPARE everything AS SELECT * FROM item ORDER BY id;
PREPARE put (int, text, small) AS UPDATE item SET pair.mood = $2, small = $3 WHERE id = $1;
EXECUTE put (2, 'brave', 's');
EXECUTE put (3, 'sad', 's');
EXECUTE everything;
SELECT small, count(*), min((pair).mood) FROM item GROUP BY small ORDER BY small;

-- types that no distributed column has are used here; the nodes may have lost, or never had them
DROP TABLE item;
CREATE TABLE entry (id int PRIMARY KEY, t text, n int);
INSERT INTO entry SELECT i, CASE WHEN i % 2 = 0 THEN 's' ELSE 'xs' END, i * 30 FROM generate_series(1, 5) i;
SELECT herd.create_distributed_table('entry', 'id');
CREATE DOMAIN few AS int CHECK (VALUE <= 90);
ALTER TYPE small ADD VALUE 'm' BEFORE 'xs';
ALTER TYPE small RENAME VALUE 's' TO 'l';
UPDATE entry SET t = 'l' WHERE t = 's';
SELECT id, t::small FROM entry ORDER BY t::small, id;
SELECT count(*) FROM entry WHERE t::small < 'm';
SELECT t::small AS small, count(*) FROM entry GROUP BY 1 HAVING max(t::small) > 'l' ORDER BY 1;
SELECT (ROW(t, t)::pair).small FROM entry WHERE id = 2;
SELECT count(*) FROM entry WHERE ARRAY[t]::small[] && ARRAY['l', 'm']::small[];
SELECT id FROM entry WHERE n::few > 60 AND id < 4;
SELECT n::few FROM entry WHERE id = 4;
PREPARE same (small) AS SELECT id FROM entry WHERE t = $1::text ORDER BY id;
EXECUTE same ('l');
INSERT INTO entry VALUES (7, ('m'::small)::text, 5::few);
DELETE FROM entry WHERE t::small = 'm' RETURNING *;
-- once a column has it, the nodes compute
CREATE FUNCTION is_computed_here(query text) RETURNS bool LANGUAGE plpgsql AS $$ DECLARE plan json; BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan; RETURN plan::text ~ '"Custom Plan Provider": "HerdGather".*"Filter": .*"Task"'; END $$;
SELECT is_computed_here($$SELECT count(*) FROM entry WHERE t::small < 'm'$$);
ALTER TABLE entry ADD COLUMN s small[];
SELECT is_computed_here($$SELECT count(*) FROM entry WHERE t::small < 'm'$$);
SELECT count(*) FROM entry WHERE t::small < 'm';

-- A type that loses a field with the field's type is changed, too; not if it is dropped itself.
CREATE SCHEMA changed_types_parts;
CREATE TYPE changed_types_parts.colour AS ENUM ('red', 'blue');
CREATE TYPE changed_types_parts.paint AS (name text, colour changed_types_parts.colour);
CREATE TABLE changed_types_parts.cans (id int PRIMARY KEY, paint changed_types_parts.paint);
SELECT herd.create_distributed_table('changed_types_parts.cans', 'id');
INSERT INTO changed_types_parts.cans VALUES (1, ('sky', 'blue'));
DROP TYPE changed_types_parts.colour CASCADE;
SELECT * FROM changed_types_parts.cans;
DROP SCHEMA changed_types_parts CASCADE;

DROP SCHEMA commands_changed_types CASCADE;
