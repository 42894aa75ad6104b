-- name: whole_row
SELECT s FROM sparse s;
-- name: whole_row_of_join
SELECT u, s.id FROM users u JOIN sparse s ON s.id = u.id;
-- name: whole_row_null
SELECT u.id, s FROM users u LEFT JOIN sparse s ON s.id = u.id WHERE u.id < 4;
-- name: whole_row_as_text
SELECT s::text FROM sparse s;
-- name: whole_row_to_json
SELECT to_jsonb(s), row_to_json(s) FROM sparse s;
-- name: whole_row_compare
SELECT a.id FROM sparse a JOIN sparse b ON a = b;
-- name: whole_row_is_null
SELECT s.id, s IS NULL, s IS NOT NULL FROM sparse s;
-- name: row_star
SELECT (s).* FROM sparse s;
-- name: row_constructor
SELECT ROW(id, v), (id, v, 1) FROM sparse;
-- name: row_compare
SELECT user_id, id FROM orders WHERE (user_id, id) < (5, 200);
-- name: row_compare_equal
SELECT user_id, id FROM orders WHERE (user_id, id) = (7, 3);
-- name: row_in_list
SELECT user_id, id FROM orders WHERE (user_id, id) IN ((7, 3), (7, 6), (1, 1));
-- name: row_distinct
SELECT count(*) FROM events WHERE (user_id, kind) IS DISTINCT FROM (NULL, 'buy');
-- name: composite_field
SELECT code, (position).x, (position).label FROM items WHERE (position).y = 3;
-- name: composite_compare
SELECT code FROM items WHERE position > ROW(70, 1, 'x')::point3;
-- name: arrays
SELECT id, tags, tags[1], tags[2:3], array_length(tags, 1), cardinality(tags) FROM users WHERE id < 15;
-- name: array_contains
SELECT id FROM users WHERE tags @> ARRAY['t1'] AND 't2' = ANY (tags);
-- name: array_functions
SELECT id, tags || 'new'::text, array_position(tags, 't1'), array_remove(tags, NULL), array_to_string(tags, '-', '?') FROM users WHERE id < 10;
-- name: array_constructor
SELECT ARRAY[id, age], ARRAY[ARRAY[id], ARRAY[age]] FROM users WHERE id < 6;
-- name: array_overlap
SELECT count(*) FROM users WHERE tags && ARRAY['t0', 't4'];
-- name: jsonb_access
SELECT id, profile -> 'langs' -> 0, profile #>> '{home,zip}', profile ->> 'level' FROM users WHERE id < 20;
-- name: jsonb_contains
SELECT id FROM users WHERE profile @> '{"level": 3}' OR profile ? 'nothing';
-- name: jsonb_path
SELECT id, jsonb_path_query_array(profile, '$.langs[*]') FROM users WHERE profile @@ '$.level > 7';
-- name: jsonb_functions
SELECT id, jsonb_set(profile, '{level}', '"x"'), profile - 'langs', jsonb_typeof(profile -> 'home') FROM users WHERE id < 10;
-- name: jsonb_each
SELECT u.id, j.key, j.value FROM users u, jsonb_each(u.profile) j WHERE u.id < 8;
-- name: jsonb_array_elements
SELECT u.id, e FROM users u CROSS JOIN LATERAL jsonb_array_elements(u.profile -> 'langs') e WHERE u.id < 12;
-- name: jsonb_to_record
SELECT u.id, r.level FROM users u, jsonb_to_record(u.profile) AS r (level int, langs jsonb) WHERE u.id < 12;
-- name: json_access
SELECT user_id, payload -> 'n', payload #>> '{list,1}' FROM events WHERE user_id < 10;
-- name: numeric_scale
SELECT id, score, score::numeric(10,4), round(score, 1), score * 1.10 FROM users WHERE id < 9;
-- name: typmods
SELECT remark, remark::varchar(3), remark::char(12), price::numeric(6,1) FROM orders WHERE remark IS NOT NULL AND user_id = 7;
-- name: values_list
VALUES (1, 'a'), (2, NULL);
-- name: values_in
SELECT id FROM users WHERE (id, active) IN (VALUES (3, true), (4, true), (5, true));
-- name: nulls
SELECT user_id IS NULL, kind IS NULL, count(*) FROM events GROUP BY 1, 2;
-- name: null_logic
SELECT count(*) FILTER (WHERE amount > 5), count(*) FILTER (WHERE NOT amount > 5), count(*) FILTER (WHERE (amount > 5) IS UNKNOWN), count(*) FILTER (WHERE (amount > 5) IS NOT TRUE) FROM events;
-- name: null_distinct_from
SELECT count(*) FROM events WHERE kind IS DISTINCT FROM 'buy';
-- name: nullif_greatest
SELECT id, nullif(age, 30), greatest(age, id, NULL), least(age, 40) FROM users WHERE id < 20;
-- name: domain
SELECT id::positive, 'x'::label FROM users WHERE id < 4;
-- name: domain_violated
-- error: 23514
SELECT (id - 5)::positive FROM users;
-- name: enum
SELECT id, feeling, feeling > 'so so' FROM users WHERE feeling IN ('fine', 'über');
-- name: enum_wrong_label
-- error: 22P02
SELECT id FROM users WHERE feeling = 'angry';
-- name: generated_column
SELECT user_id, id, total FROM orders WHERE total > 700;
-- name: unicode
SELECT id, feeling || ' ☃ ' || name, length('☃é'), 'Ä' < 'ä' FROM users WHERE feeling = 'über' AND id < 30;
-- name: escapes
SELECT id, E'a\\b\n''q''', 'back\slash', U&'d\0061t\+000061' FROM sparse;
-- name: special_floats
SELECT id, 'NaN'::float8, 'infinity'::float8 * id, '-0'::float8 FROM sparse;
-- name: bytea
SELECT id, decode(md5(id::text), 'hex'), '\xdeadbeef'::bytea FROM sparse;
-- name: intervals
SELECT id, created + interval '1 month', age(created, timestamptz '2024-01-01 00:00+00'), created - interval '1 day 2 hours' FROM users WHERE id < 6;
-- name: many_columns
SELECT *, id AS a, name AS b, age AS c, u.*, active AS d FROM users u WHERE id = 20;
-- name: duplicate_names
SELECT id, id, name AS id FROM users WHERE id = 20;
-- name: long_value
SELECT id, length(repeat(name, 1000)), md5(repeat(name, 1000)) FROM users WHERE id < 5;
