-- name: unknown_column
-- error: 42703
SELECT nothing FROM users;
-- name: unknown_function
-- error: 42883
SELECT nothing(id) FROM users;
-- name: type_mismatch
-- error: 42883
SELECT id FROM users WHERE name = 5;
-- name: ambiguous
-- error: 42702
SELECT id FROM users u JOIN orders o ON o.user_id = u.id;
-- name: not_grouped
-- error: 42803
SELECT name, count(*) FROM users;
-- name: bad_cast_in_row
-- error: 22P02
SELECT name::int FROM users WHERE id = 7;
-- name: bad_cast_everywhere
-- error: 22P02
SELECT v::int FROM sparse WHERE v = 'one';
-- name: division_by_zero
-- error: 22012
SELECT 1 / (id - 1) FROM sparse;
-- name: division_by_zero_by_key
-- error: 22012
SELECT 1 / (id - 7) FROM users WHERE id = 7;
-- name: out_of_range_key
-- error: 22003
SELECT id FROM users WHERE id = '99999999999999999999'::bigint;
-- name: invalid_key_literal
-- error: 22P02
SELECT id FROM users WHERE id = 'seven';
-- name: bad_regular_expression
-- error: 2201B
SELECT id FROM users WHERE name ~ '(';
-- name: array_too_large
-- error: 54000
SELECT array_fill(id::int, ARRAY[-1]) FROM sparse WHERE id = 1;
-- name: raised
CREATE FUNCTION f(bigint) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no % here', $1 USING ERRCODE = 'AB123', DETAIL = 'some detail', HINT = 'some hint', CONSTRAINT = 'imagined'; END $$;
-- error: AB123
SELECT f(id) FROM users WHERE id = 7;
DROP FUNCTION f(bigint);
-- name: in_failed_transaction
BEGIN;
-- error: 42703
SELECT nothing FROM users;
-- error: 25P02
SELECT count(*) FROM users;
ROLLBACK;
-- name: explain_runs
BEGIN;
SELECT count(*) FROM users;
ROLLBACK;
