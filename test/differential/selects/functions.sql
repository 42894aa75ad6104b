-- name: strings
SELECT id, upper(name), initcap(name), substr(name, 2, 3), replace(name, 'user', 'U'), lpad(name, 12, '*'), position('r' IN name), split_part(email, '@', 2) FROM users WHERE id < 20;
-- name: string_operators
SELECT id FROM users WHERE name LIKE 'user C%' OR email ILIKE '%.ORG' AND name !~ '[0-4]$' AND name SIMILAR TO 'user [A-M]%';
-- name: regular_expressions
SELECT id, regexp_replace(email, '^u(\d+)', 'v\1'), regexp_matches(name, '([A-Z])(\d+)') FROM users WHERE id < 12;
-- name: formats
SELECT id, format('%s has %L and %I', name, email, name), concat_ws('|', id, email, age), to_char(score, 'FM9990.00'), to_char(id, 'RN') FROM users WHERE id < 12;
-- name: dates
SELECT id, date_trunc('month', placed), extract(dow FROM day), day + 3, date_part('hour', placed), to_char(placed, 'YYYY-MM-DD HH24:MI'), placed::time FROM orders WHERE user_id = 7 AND id < 60;
-- name: date_trunc_timestamptz
SELECT date_trunc('day', created), count(*) FROM users GROUP BY 1;
-- name: timezone
SELECT id, created, created AT TIME ZONE 'UTC', created::date, to_char(created, 'TZ HH24') FROM users WHERE id IN (3, 60, 119);
-- name: timezone_changes
SET timezone = 'America/New_York';
SELECT at, count(*), at::date FROM events GROUP BY at;
SELECT at FROM events WHERE at = '2024-03-30 20:00';
SET timezone = 'Europe/Vienna';
-- name: datestyle
SET datestyle = 'German, DMY';
SELECT day, placed FROM orders WHERE day = '03.04.2024' AND user_id < 50;
RESET datestyle;
-- name: intervalstyle
SET intervalstyle = 'iso_8601';
SELECT id, placed - day FROM orders WHERE user_id = 7 AND id < 50;
RESET intervalstyle;
-- name: extra_float_digits
SET extra_float_digits = -3;
SELECT id, weight / 3 FROM orders WHERE user_id = 7 AND id < 50;
RESET extra_float_digits;
-- name: bytea_output
SET bytea_output = 'escape';
SELECT id, v::bytea FROM sparse;
RESET bytea_output;
-- name: math
SELECT id, abs(-age), mod(id, 7), power(2, id % 10), sqrt(score), ceil(score), trunc(score, 1), sign(age - 40), width_bucket(age, 0, 100, 5) FROM users WHERE id < 20;
-- name: casts
SELECT id::text, age::numeric / 7, score::int, active::int, created::date, id::float8 / 3 FROM users WHERE id < 20;
-- name: case_simple
SELECT id, CASE country WHEN 'at' THEN 'home' WHEN 'de' THEN 'near' ELSE 'far' END FROM users;
-- name: case_searched
SELECT CASE WHEN age IS NULL THEN 'unknown' WHEN age < 30 THEN 'young' WHEN age < 60 THEN 'middle' END AS class, count(*) FROM users GROUP BY 1;
-- name: case_guards_division
SELECT id, CASE WHEN quantity <> 5 THEN 10 / (quantity - 5) END FROM orders WHERE user_id = 7;
-- name: coalesce
SELECT id, coalesce(email, name, 'none'), coalesce(country, '??') FROM users;
-- name: between_symmetric
SELECT id FROM users WHERE age BETWEEN SYMMETRIC 40 AND 30;
-- name: overlaps
SELECT user_id, id FROM orders WHERE (day, day + 2) OVERLAPS (date '2024-03-20', date '2024-03-21');
-- name: set_returning_in_target
SELECT id, generate_series(1, id) FROM users WHERE id < 5;
-- name: set_returning_from_column
SELECT id, unnest(tags) FROM users WHERE id < 8;
-- name: now_is_one_value
SELECT count(DISTINCT now()), count(DISTINCT statement_timestamp()), count(*) FROM users;
-- name: now_compared
SELECT count(*) FROM users WHERE created < now() AND current_date > created::date;
-- name: random_per_row
SELECT count(DISTINCT random()) > 1 FROM users;
-- name: random_in_where
SELECT count(*) FROM users WHERE random() >= 0;
-- name: uuid_per_row
SELECT count(DISTINCT gen_random_uuid()) FROM users;
-- name: who
SELECT DISTINCT current_user, session_user, current_database(), current_setting('timezone') FROM users;
-- name: search_path_is_ours
SELECT count(*), max(replace(current_schema(), 'plain', 'dist')) FROM sparse;
-- name: custom_setting
SET app.tenant = '7';
SELECT count(*) FROM orders WHERE user_id = current_setting('app.tenant')::bigint;
RESET app.tenant;
-- name: text_search
SELECT id, to_tsvector('english', name || ' runs'), to_tsvector('simple', name) @@ to_tsquery('simple', 'user') FROM users WHERE id < 4;
-- name: sql_function
CREATE FUNCTION double(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
SELECT id, double(age) FROM users WHERE double(age) > 120;
DROP FUNCTION double(int);
-- name: plpgsql_function_in_where
CREATE FUNCTION is_old(int) RETURNS bool LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN $1 > 60; END $$;
SELECT id FROM users WHERE is_old(age);
DROP FUNCTION is_old(int);
-- name: user_defined_operator
CREATE FUNCTION near(int, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT abs($1 - $2) < 3';
CREATE OPERATOR ~~~ (LEFTARG = int, RIGHTARG = int, FUNCTION = near);
SELECT id FROM users WHERE age ~~~ 40;
DROP OPERATOR ~~~ (int, int);
DROP FUNCTION near(int, int);
-- name: user_defined_cast_of_type
SELECT id, (id, 1, name)::point3 FROM users WHERE id < 4;
-- name: collation_of_result
SELECT max(name COLLATE "C") < 'zz' COLLATE "C", min(name) FROM users;
-- name: function_over_table
CREATE FUNCTION orders_of(bigint) RETURNS SETOF orders LANGUAGE sql STABLE AS 'SELECT * FROM orders WHERE user_id = $1';
SELECT u.id, o.id, o.total FROM users u, orders_of(u.id) o WHERE u.id < 12;
SELECT count(*) FROM orders_of(7);
DROP FUNCTION orders_of(bigint);
-- name: function_of_row
CREATE FUNCTION display(users) RETURNS text LANGUAGE sql STABLE AS $$ SELECT $1.name || ' from ' || coalesce($1.country, '?') $$;
SELECT id, display(u), u.display FROM users u WHERE id < 12;
DROP FUNCTION display(users);
