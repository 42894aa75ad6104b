-- What a gather leaves to the shards: conditions, columns, LIMIT; and which shards it leaves out.
CREATE SCHEMA planner_gather;
SET search_path = planner_gather;
SET herd.shard_count = 4;
SET herd.explain_node_plans = off;
\set SHOW_CONTEXT never
CREATE TABLE events (key int, id int, kind text, payload text, at timestamptz);
CREATE TABLE marks (key int, mark text);
CREATE TABLE plain (key int, v text);
CREATE TABLE words (word text, n int);
SELECT herd.create_distributed_table('events', 'key'), herd.create_distributed_table('marks', 'key'),
       herd.create_distributed_table('words', 'word');
INSERT INTO events SELECT i % 10, i, 'kind ' || i % 3, 'payload', '2020-01-01 00:00+00'::timestamptz + i * interval '1 day'
    FROM generate_series(1, 100) i;
INSERT INTO events VALUES (NULL, 0, 'no key', NULL, NULL);
INSERT INTO marks SELECT i, 'mark ' || i FROM generate_series(0, 4) i;
INSERT INTO marks VALUES (NULL, 'no key');
INSERT INTO plain VALUES (1, 'one'), (3, 'three'), (77, 'none'), (NULL, 'null');
INSERT INTO words SELECT 'w' || i, i FROM generate_series(1, 20) i;
-- The lines of the plan that matter, without the shards' names.
CREATE FUNCTION plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        CONTINUE WHEN line ~ 'Node: ';
        RETURN NEXT regexp_replace(line, 'herd_\d+_\d+', 'shard', 'g');
    END LOOP;
END $$;
CREATE FUNCTION shards_of(query text) RETURNS text LANGUAGE sql AS
    $$ SELECT string_agg(substring(p, 'Shards: (.*)'), ', ') FROM plan_of(query) p WHERE p ~ 'Shards:' $$;

-- Only the columns that are used, only the rows that are wanted.
SELECT plan_of('SELECT id FROM events');
SELECT plan_of('SELECT count(*) FROM events');
SELECT plan_of('SELECT id FROM events WHERE kind = ''kind 1'' AND length(payload) > 3');
SELECT plan_of('SELECT max(id) FROM events WHERE at > ''2020-03-01'' AND kind IS NOT NULL GROUP BY kind');
SELECT plan_of('SELECT e.* FROM events e WHERE id IN (1, 2)');
SELECT count(*) FROM events WHERE at > '2020-03-01' AND kind IS NOT NULL;
-- Volatile conditions, and functions of the session, stay here; what is stable is computed once.
SELECT plan_of('SELECT id FROM events WHERE random() < 2 AND id < 10');
SELECT plan_of('SELECT id FROM events WHERE kind = current_user::text AND id = 3');
CREATE FUNCTION mine(v text) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN v LIKE '%1'; END $$;
SELECT count(*) FROM events WHERE mine(kind);
SELECT count(*) FROM events WHERE random() < 2 AND id < 10;
SELECT count(*) FROM events WHERE at < now();
-- LIMIT without anything above the gather that needs more rows.
SELECT plan_of('SELECT id FROM events LIMIT 3');
SELECT plan_of('SELECT id FROM events WHERE kind = ''kind 1'' LIMIT 3 OFFSET 2');
SELECT plan_of('SELECT id FROM events WHERE random() < 2 LIMIT 3');
SELECT plan_of('SELECT id FROM events ORDER BY id LIMIT 3');
SELECT plan_of('SELECT DISTINCT kind FROM events LIMIT 3');
SELECT plan_of('SELECT e.id FROM events e, marks m LIMIT 3');
SELECT count(*) FROM (SELECT id FROM events LIMIT 3) s;
SELECT count(*) FROM (SELECT id FROM events WHERE kind = 'kind 1' LIMIT 30 OFFSET 10) s;
SELECT count(*) FROM (SELECT id FROM events LIMIT 0) s;
SELECT count(*) FROM (SELECT id FROM events LIMIT NULL) s;
SELECT count(*) FROM (SELECT id FROM events WHERE random() < 2 LIMIT 3) s;
SELECT id FROM events ORDER BY id LIMIT 3;

-- Shards that can't hold the key are left out.
SELECT shards_of('SELECT * FROM events WHERE key IN (1, 2)') AS two,
       shards_of('SELECT * FROM events WHERE key IN (1, 1, NULL)') AS one,
       shards_of('SELECT * FROM events WHERE key = ANY (''{1,2}'')') AS any_two,
       shards_of('SELECT * FROM events WHERE key = ANY (''{}'')') AS none,
       shards_of('SELECT * FROM events WHERE key <> ALL (''{1}'')') AS all_but;
SELECT shards_of('SELECT * FROM words WHERE word IN (''w1'', ''w2'', ''w3'')') AS words,
       shards_of('SELECT * FROM words WHERE word = ''w1'' COLLATE "C"') AS c,
       shards_of('SELECT * FROM words WHERE word LIKE ''w1''') AS "like",
       shards_of('SELECT * FROM words WHERE lower(word) = ''w1''') AS lower;
SELECT shards_of('SELECT * FROM events WHERE key = 1 OR key = 2') AS "or",
       shards_of('SELECT * FROM events WHERE key = 1 OR id = 2') AS or_other,
       shards_of('SELECT * FROM events WHERE key IS NULL OR key = 1') AS null_or,
       shards_of('SELECT * FROM events WHERE key IS NOT NULL') AS not_null,
       shards_of('SELECT * FROM events WHERE key BETWEEN 1 AND 1') AS range;
SELECT count(*) FROM events WHERE key IN (1, 2);
SELECT count(*) FROM events WHERE key IN (1, 1, NULL);
SELECT count(*) FROM events WHERE key = ANY ('{}');
SELECT count(*) FROM events WHERE key = ANY (NULL::int[]);
SELECT count(*) FROM events WHERE key <> ALL ('{1}');
SELECT count(*) FROM events WHERE key NOT IN (1, NULL);
SELECT count(*) FROM events WHERE key IS NULL OR key = 1;
SELECT count(*) FROM events WHERE key = 1 OR key = 2;
SELECT count(*) FROM events WHERE key IS NOT DISTINCT FROM NULL;
SELECT count(*) FROM events WHERE key IS NOT DISTINCT FROM 1;
SELECT count(*) FROM events WHERE (key, id) IN ((1, 1), (2, 2), (3, 4));
SELECT count(*) FROM events WHERE key = ANY (ARRAY(SELECT key FROM plain));

-- Conditions on the nullable side of an outer join leave out no rows that matter.
SELECT p.key, e.id FROM plain p LEFT JOIN events e ON e.key = p.key AND e.id < 10 ORDER BY 1, 2;
SELECT p.v FROM plain p LEFT JOIN events e ON e.key = p.key WHERE e.key IS NULL ORDER BY 1;
SELECT m.mark FROM marks m LEFT JOIN events e ON e.key = m.key AND e.key = 3 WHERE e.key IS NULL ORDER BY 1;
SELECT count(*) FROM events e LEFT JOIN marks m ON m.key = e.key WHERE m.key IS NULL;
SELECT count(*) FROM events e LEFT JOIN marks m ON m.key = e.key AND e.key = 1;
SELECT count(*) FROM events e FULL JOIN marks m ON m.key = e.key WHERE m.key IS NULL OR e.key IS NULL;
SELECT count(*) FROM marks m RIGHT JOIN plain p ON p.key = m.key WHERE m.key IS NULL;
SELECT shards_of('SELECT * FROM plain p LEFT JOIN events e ON e.key = p.key WHERE e.key IS NULL') AS anti,
       shards_of('SELECT * FROM plain p LEFT JOIN events e ON e.key = p.key AND e.key = 3') AS on_key,
       shards_of('SELECT * FROM plain p LEFT JOIN events e ON e.key = p.key WHERE e.key = 3') AS inner_key;
-- A gather that is run again for each outer row, with other values.
SELECT p.key, (SELECT count(*) FROM events e WHERE e.key = p.key) FROM plain p ORDER BY 1;
SELECT p.key, l.id FROM plain p, LATERAL (SELECT id FROM events e WHERE e.key = p.key ORDER BY id LIMIT 2) l ORDER BY 1, 2;
SELECT p.key, l.id FROM plain p LEFT JOIN LATERAL (SELECT id FROM events e WHERE e.id = p.key) l ON true ORDER BY 1;
SET client_min_messages = warning;
DROP SCHEMA planner_gather CASCADE;
