-- Writes whose values depend on settings.

-- name: text_of_values_in_update
SET DateStyle = 'SQL, DMY';
UPDATE orders SET remark = left(placed::text, 20) WHERE day::text LIKE '0%';
SET extra_float_digits = 0;
UPDATE orders SET remark = left((weight / 7)::text, 20) WHERE user_id = 7 RETURNING *;
UPDATE items SET weight = weight / 3 WHERE code = 'i3' RETURNING code, weight, weight::text, position;
UPDATE items SET weight = weight / 3 RETURNING code, weight, weight::text, position, timestamptz '2020-07-01 00:00+00';
RESET extra_float_digits;
RESET DateStyle;
UPDATE orders SET remark = left(placed::text, 20) WHERE user_id = 7 RETURNING remark, placed;

-- name: settings_and_savepoints
BEGIN;
UPDATE orders SET remark = left(day::text, 20) WHERE user_id = 7;
SAVEPOINT a;
SET LOCAL DateStyle = 'German';
UPDATE orders SET remark = left(day::text, 20) WHERE user_id = 3;
ROLLBACK TO a;
UPDATE orders SET remark = left(day::text, 20) WHERE user_id = 5;
SAVEPOINT b;
SET LOCAL DateStyle = 'German';
UPDATE orders SET remark = left(day::text, 20) WHERE user_id = 3;
RELEASE b;
UPDATE orders SET remark = left(day::text, 20) WHERE user_id = 4;
COMMIT;
UPDATE orders SET remark = left(day::text, 20) WHERE user_id = 6;

-- name: parameters_in_other_styles
SET DateStyle = 'SQL, DMY';
SET extra_float_digits = -3;
PREPARE change(timestamptz, float8[], date) AS UPDATE events SET value = ($2)[1], at = $1 WHERE user_id = 7 AND at <> $3;
EXECUTE change('03/02/2020 04:05:06 CET', ARRAY[1/3.0, 2], '02/01/2020');
DEALLOCATE change;
INSERT INTO events (user_id, at, value) SELECT 7, '03/02/2021 04:05:06', 2/3.0;
INSERT INTO events (user_id, at, value) SELECT g, timestamptz '03/02/2021 04:05:06' + g * interval '1 day', g/7.0 FROM generate_series(1, 9) AS g;
RESET extra_float_digits;
RESET DateStyle;

-- name: copy_in_another_style
SET DateStyle = 'SQL, DMY';
COPY events (user_id, kind, at, value) FROM STDIN;
1	s	03/02/2020 10:00:00	0.1
2	s	13/02/2020 10:00:00	0.2
7	s	01/12/2020 10:00:00	0.3
\.
RESET DateStyle;

-- name: text_search_in_update
SET default_text_search_config = 'english';
UPDATE orders SET remark = left(to_tsvector('running ' || user_id)::text, 20) WHERE to_tsvector(remark || ' running') @@ to_tsquery('run');
SET default_text_search_config = 'simple';
UPDATE orders SET remark = left(to_tsvector('running ' || user_id)::text, 20) WHERE to_tsvector(remark || ' running') @@ to_tsquery('running') AND user_id < 9;
