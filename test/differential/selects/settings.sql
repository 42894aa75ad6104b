-- Expressions that depend on settings: the nodes compute them under the user's.

-- name: text_of_times
SET DateStyle = 'SQL, DMY';
SELECT user_id, id, placed::text, day::text, concat(day, ' ', placed) FROM orders WHERE placed::text LIKE '%/01/%';
SET DateStyle = 'German';
SELECT count(*), min(day::text) FROM orders WHERE day::text LIKE '%.01.%';
SELECT id, created::text FROM users WHERE created::text LIKE '0%';
SET DateStyle = 'Postgres, MDY';
SELECT id, created::text, 'at ' || created FROM users WHERE created::text > 'M';
SET DateStyle = 'ISO, YMD';
SELECT id, created::text FROM users WHERE created::text > '2021';
RESET DateStyle;
SELECT id, created::text FROM users WHERE created::text > '2021';

-- name: text_of_times_one_key
SET DateStyle = 'SQL, DMY';
SELECT id, created::text, to_json(created) FROM users WHERE id = 7 AND created::text <> '';
SET DateStyle = 'ISO';
SELECT id, created::text, to_json(created) FROM users WHERE id = 7 AND created::text <> '';

-- name: rows_of_text_in_other_styles
SET DateStyle = 'SQL, DMY';
SET extra_float_digits = -5;
SET IntervalStyle = 'sql_standard';
SELECT * FROM items;
SELECT i.position, i.weight, now() - now() - interval '3 days 4 hours' AS span, timestamptz '2020-02-03 04:05+00' AS at FROM items AS i;
SELECT code, position, weight FROM items WHERE code = 'i3';

-- name: intervals
SET IntervalStyle = 'iso_8601';
SELECT user_id, id, (placed - timestamp '2020-01-01')::text FROM orders WHERE (placed - timestamp '2020-01-01')::text LIKE 'P%';
SET IntervalStyle = 'sql_standard';
SELECT user_id, id FROM orders WHERE (timestamp '2020-01-01' - placed - interval '1 hour')::text LIKE '-%';
SELECT count(*) FROM orders WHERE placed > timestamp '2020-01-01' + ('-' || quantity || ' 01:00:00')::interval;
SET IntervalStyle = 'postgres';
SELECT count(*) FROM orders WHERE placed > timestamp '2020-01-01' + ('-' || quantity || ' 01:00:00')::interval;
SET IntervalStyle = 'postgres_verbose';
SELECT user_id, id, concat(placed - timestamp '2020-01-01') FROM orders WHERE concat(placed - timestamp '2020-01-01') LIKE '@%';

-- name: constant_intervals
SET IntervalStyle = 'sql_standard';
SELECT user_id, id FROM orders WHERE placed - timestamp '2020-01-01' > interval '-1 day +02:03:04' AND user_id < 9;
SELECT user_id, placed + interval '-1 year -2 mons +3 days' FROM orders WHERE user_id = 7;

-- name: digits_of_floats
SET extra_float_digits = 0;
SELECT user_id, id, weight::text, weight / 3, concat(weight / 3) FROM orders WHERE (weight / 3)::text LIKE '%3';
SELECT value / 7, (value / 7)::text FROM events WHERE user_id = 7 AND (value / 7)::text <> '';
SET extra_float_digits = -10;
SELECT count(DISTINCT (weight / 7)::text) FROM orders;
SELECT user_id, id FROM orders WHERE (weight / 7)::text IN ('0.1', '0.2', '0.3');
RESET extra_float_digits;
SELECT count(DISTINCT (weight / 7)::text) FROM orders;

-- name: bytes
SET bytea_output = 'escape';
SELECT id, convert_to(name, 'UTF8')::text FROM users WHERE sha256(name::bytea)::text LIKE '%\\%';
SET bytea_output = 'hex';
SELECT id FROM users WHERE sha256(name::bytea)::text LIKE '\\x0%';

-- name: prepared_then_set
PREPARE weights AS SELECT user_id, id, (weight / 7)::text FROM orders WHERE (weight / 7)::text LIKE '%.%';
PREPARE one_user(int) AS SELECT id, created::text FROM users WHERE id = $1 AND created::text <> '';
EXECUTE weights;
EXECUTE one_user(7);
SET extra_float_digits = 0;
SET DateStyle = 'German';
EXECUTE weights;
EXECUTE one_user(7);
SET timezone = 'Asia/Tokyo';
EXECUTE one_user(7);
RESET extra_float_digits;
RESET DateStyle;
EXECUTE weights;
EXECUTE one_user(7);
SET timezone = 'Europe/Vienna';
DEALLOCATE ALL;

-- name: to_char
SELECT id, to_char(created, 'YYYY-MM-DD HH24:MI:SS TZ') FROM users WHERE to_char(created, 'DD') > '15';
SELECT to_char(created, 'YYYY-"Q"Q') AS quarter, count(*) FROM users GROUP BY 1;
SET timezone = 'America/New_York';
SELECT id FROM users WHERE to_char(created, 'HH24') IN ('18', '19', '20', '21', '22', '23');
SET timezone = 'Europe/Vienna';
SELECT user_id, id, to_char(price, 'FM9990.00'), to_char(price, '9G990D00'), to_char(price, 'L99.9S') FROM orders WHERE to_char(price, '9990.0') > ' ';
SELECT id, to_char(created, 'TMMonth') FROM users WHERE to_char(created, 'TMDay') LIKE '%s%';
SELECT user_id, to_date(to_char(day, 'YYYY MM DD'), 'YYYY MM DD') FROM orders WHERE to_date(to_char(day, 'YYYYMMDD'), 'YYYYMMDD') > '2020-01-10';
SELECT id, to_char(created, name) FROM users WHERE to_char(created, name) <> '';

-- name: set_local_and_rollback
BEGIN;
SET LOCAL DateStyle = 'German';
SELECT count(*), min(day::text) FROM orders WHERE day::text LIKE '%.01.%';
SAVEPOINT a;
SET LOCAL DateStyle = 'SQL, MDY';
SET LOCAL timezone = 'Asia/Tokyo';
SELECT count(*), min(created::text) FROM users WHERE created::text LIKE '0%';
ROLLBACK TO a;
SELECT count(*), min(created::text) FROM users WHERE created::text LIKE '0%';
SELECT id, created::text FROM users WHERE id = 7 AND created::text <> '';
COMMIT;
SELECT count(*), min(created::text) FROM users WHERE created::text LIKE '2%';
BEGIN;
SELECT id, created::text FROM users WHERE id = 7 FOR UPDATE;
SET DateStyle = 'German';
SELECT id, created::text FROM users WHERE id = 7 AND created::text <> '' FOR UPDATE;
ROLLBACK;
SELECT id, created::text FROM users WHERE id = 7 AND created::text <> '';

-- name: set_config_and_functions
CREATE FUNCTION germans() RETURNS bigint LANGUAGE plpgsql SET DateStyle = 'German' AS $$
BEGIN
    RETURN (SELECT count(*) FROM orders WHERE day::text LIKE '%.01.%');
END $$;
SELECT germans();
SELECT count(*) FROM orders WHERE day::text LIKE '%.01.%';
SELECT set_config('DateStyle', 'German', true) IS NOT NULL, (SELECT count(*) FROM orders WHERE day::text LIKE '%.01.%') >= 0;
SELECT set_config('DateStyle', 'German', false);
SELECT count(*) FROM orders WHERE day::text LIKE '%.01.%';
SELECT germans();
DROP FUNCTION germans();
RESET DateStyle;

-- name: text_search
SET default_text_search_config = 'english';
SELECT id FROM users WHERE to_tsvector(name || ' is running') @@ to_tsquery('run');
SELECT id, to_tsvector(name || ' was the running') FROM users WHERE to_tsvector(name) @@ plainto_tsquery(name);
SELECT id, ts_headline(name || ' runs', to_tsquery('running')) FROM users WHERE id = 7 AND to_tsvector(name || ' runs') @@ to_tsquery('running');
SET default_text_search_config = 'simple';
SELECT id FROM users WHERE to_tsvector(name || ' is running') @@ to_tsquery('run');
SELECT id FROM users WHERE to_tsvector(profile) @@ websearch_to_tsquery('a or b');
SELECT count(DISTINCT to_tsvector(name || ' running')) FROM users;

-- name: text_search_prepared
PREPARE found AS SELECT id FROM users WHERE to_tsvector(name || ' is running') @@ to_tsquery('run');
SET default_text_search_config = 'english';
EXECUTE found;
SET default_text_search_config = 'simple';
EXECUTE found;
BEGIN;
SET LOCAL default_text_search_config = 'german';
EXECUTE found;
ROLLBACK;
EXECUTE found;
DEALLOCATE found;

-- name: text_search_with_an_own_configuration
CREATE TEXT SEARCH CONFIGURATION own_search (COPY = english);
SET default_text_search_config = 'own_search';
SELECT id FROM users WHERE to_tsvector(name || ' is running') @@ to_tsquery('run');
SELECT id FROM users WHERE id = 7 AND to_tsvector(name || ' is running') @@ to_tsquery('run');
SELECT id FROM users WHERE to_tsvector('own_search', name || ' is running') @@ to_tsquery('own_search', 'run');
SELECT id FROM users WHERE id = 7 AND to_tsvector('own_search', name || ' is running') @@ to_tsquery('run');
RESET default_text_search_config;
DROP TEXT SEARCH CONFIGURATION own_search;
