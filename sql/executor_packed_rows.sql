-- Rows of all types come back unchanged, many in a message, whatever is done between two of them.
CREATE SCHEMA executor_packed_rows;
SET search_path = executor_packed_rows;
SET herd.shard_count = 4;
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE kept (id int, b bool, c "char", i2 smallint, i8 bigint, r real, d double precision, n numeric, o oid, t text, v varchar(10),
    p char(5), x bytea, da date, ti time, ts timestamp, tz timestamptz, iv interval, u uuid, j json, jb jsonb, a int[], ta text[],
    m mood, po positive, ip inet, rg int4range, na name, mo money, bi bit(3), tid tid);
INSERT INTO kept SELECT g, g % 2 = 0, chr(65 + g % 26)::"char", -g, g * 10000000000, g / 3.0, g / 7.0, g / 11.0, g, 'text ' || g, 'v' || g, 'p',
    decode(md5(g::text), 'hex'), '2020-01-01'::date + g, '01:00'::time + g * interval '1 second', '2020-01-01'::timestamp + g * interval '1 h',
    '2020-01-01'::timestamptz + g * interval '1 h', g * interval '1 day 1 second', md5(g::text)::uuid, json_build_object('g', g, 'é', null),
    jsonb_build_array(g, 'ü', null), array[g, null, -g], array['a' || g, null, ''], (ARRAY['sad', 'happy'])[1 + g % 2]::mood, g, '10.0.0.1'::inet + g,
    int4range(g, g + 5), 'name' || g, g::money, g::bit(3), ('(' || g || ',1)')::tid
    FROM generate_series(1, 500) g;
INSERT INTO kept (id) SELECT g FROM generate_series(501, 600) g;
INSERT INTO kept (id, t, x) VALUES (601, '', ''), (602, repeat('long', 50000), decode(repeat('00ff', 40000), 'hex'));
CREATE TABLE sent (LIKE kept);
SELECT herd.create_distributed_table('sent', 'id');
INSERT INTO sent SELECT * FROM kept;
CREATE VIEW both_ways AS (SELECT s::text FROM (SELECT * FROM sent OFFSET 0) s EXCEPT ALL SELECT k::text FROM kept k)
    UNION ALL (SELECT k::text FROM kept k EXCEPT ALL SELECT s::text FROM (SELECT * FROM sent OFFSET 0) s);
SELECT count(*) FROM both_ways;
SET DateStyle = 'SQL, DMY';
SET extra_float_digits = -3;
SET IntervalStyle = sql_standard;
SELECT count(*) FROM both_ways;
RESET DateStyle;
RESET extra_float_digits;
RESET IntervalStyle;
SELECT count(*) FROM (SELECT FROM sent OFFSET 0) s;

-- The rest of a message waits while the connection does something else, in memory and on disk.
SET work_mem = '64kB';
SET herd.max_read_connections_per_node = 1;
CREATE FUNCTION rows_with_others(between_rows text) RETURNS TABLE (rows bigint, ids bigint, texts text) LANGUAGE plpgsql AS $$
DECLARE
    item record;
    seen text[] = '{}';
BEGIN
    rows := 0;
    ids := 0;
    FOR item IN SELECT id, t, n FROM sent LOOP
        rows := rows + 1;
        ids := ids + item.id;
        seen := seen || md5(item.t || item.n);
        IF rows IN (1, 2, 3, 100, 101, 300, 602) THEN
            BEGIN
                EXECUTE between_rows;
            EXCEPTION WHEN division_by_zero THEN
                NULL;
            END;
        END IF;
    END LOOP;
    SELECT md5(string_agg(s, '' ORDER BY s)) INTO texts FROM unnest(seen) s;
    RETURN NEXT;
END $$;
SELECT count(*) AS rows, sum(id) AS ids, md5(string_agg(md5(t || n), '' ORDER BY md5(t || n))) AS texts FROM kept;
SELECT * FROM rows_with_others('SELECT 1');
SELECT * FROM rows_with_others('SELECT count(*) FROM sent');
SELECT * FROM rows_with_others('SELECT sum(1 / (id - id)) FROM sent');
SELECT * FROM rows_with_others('UPDATE sent SET i2 = 1 WHERE id = 7');
BEGIN;
DECLARE c CURSOR FOR SELECT id FROM sent;
MOVE 50 FROM c;
SAVEPOINT s;
MOVE 50 FROM c;
SELECT count(*) FROM sent;
ROLLBACK TO s;
MOVE 400 FROM c;
MOVE 400 FROM c;
ROLLBACK;
-- Few rows are wanted.
SELECT count(*) FROM (SELECT t || random() FROM sent LIMIT 3) s;
SELECT EXISTS (SELECT FROM sent WHERE random() >= 0);
SET client_min_messages = warning;
DROP SCHEMA executor_packed_rows CASCADE;
