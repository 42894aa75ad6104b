-- name: primary_key
-- error: 23505
INSERT INTO users (id, name) VALUES (7, 'again');
-- name: primary_key_two_columns
-- error: 23505
INSERT INTO orders (user_id, id) VALUES (7, 3);
-- name: primary_key_null
-- error: 23502
INSERT INTO sparse (v) VALUES ('no key');
-- name: unique
INSERT INTO ticket (account, ref) VALUES (1, 5);
-- error: 23505
INSERT INTO ticket (account, ref) VALUES (1, 5);
-- name: unique_in_multi_row
-- error: 23505
INSERT INTO sparse VALUES (4001, 'a'), (4002, 'b'), (4003, 'c'), (4002, 'again');
-- name: unique_by_update
-- error: 23505
UPDATE orders SET id = 6 WHERE user_id = 7 AND id = 9;
-- name: unique_elsewhere_is_fine
INSERT INTO orders (user_id, id) VALUES (8, 3000), (9, 3000), (10, 3000);
-- name: check
-- error: 23514
INSERT INTO users (id, name, age) VALUES (5001, 'n', -1);
-- name: check_unnamed
-- error: 23514
UPDATE items SET stock = -1 WHERE code = 'item-1';
-- name: check_by_update
-- error: 23514
UPDATE users SET age = 150 WHERE id = 7;
-- name: check_everywhere
-- error: 23514
-- any_detail
UPDATE orders SET quantity = quantity - 5;
-- name: not_null
-- error: 23502
INSERT INTO users (id) VALUES (5002);
-- name: not_null_by_update
-- error: 23502
UPDATE users SET name = NULL WHERE id = 7;
-- name: not_null_everywhere
-- error: 23502
-- any_detail
UPDATE users SET name = NULL WHERE age > 20;
-- name: foreign_key_colocated
-- error: 23503
INSERT INTO orders (user_id, id) VALUES (987654, 1);
-- name: foreign_key_to_reference
-- error: 23503
INSERT INTO users (id, name, country) VALUES (5003, 'n', 'zz');
-- name: foreign_key_to_reference_by_update
-- error: 23503
UPDATE users SET country = 'zz' WHERE id = 7;
-- name: foreign_key_null_is_fine
UPDATE users SET country = NULL WHERE id = 8;
-- name: referenced_reference_row
-- error: 23503
-- any_detail
DELETE FROM country WHERE code = 'at';
-- name: referenced_reference_key
-- error: 23503
-- any_detail
UPDATE country SET code = 'AT' WHERE code = 'at';
-- name: reference_unique
-- error: 23505
INSERT INTO country (code, name) VALUES ('ge', 'Germany');
-- name: reference_not_null
-- error: 23502
UPDATE country SET name = NULL WHERE code = 'at';
-- name: exclusion
INSERT INTO booking VALUES (70, 1, 'a');
-- error: 23P01
INSERT INTO booking VALUES (70, 1, 'b');
INSERT INTO booking VALUES (70, 1, NULL);
-- name: domain_in_expression
-- error: 23514
INSERT INTO sparse VALUES ((-3)::positive, 'x');
-- name: state_check
-- error: 23514
INSERT INTO ticket (account, state) VALUES (3, 'wild');
-- name: enum_label
-- error: 22P02
UPDATE users SET feeling = 'angry' WHERE id = 7;
-- name: one_bad_row_of_many
-- error: 23514
INSERT INTO users (id, name, age) VALUES (5011, 'a', 1), (5012, 'b', 2), (5013, 'c', 500), (5014, 'd', 4);
-- name: violated_in_transaction
BEGIN;
INSERT INTO sparse VALUES (5021, 'a');
-- error: 23505
INSERT INTO sparse VALUES (1, 'again');
-- error: 25P02
INSERT INTO sparse VALUES (5022, 'b');
COMMIT;
SELECT count(*) FROM sparse WHERE id > 5000;
-- name: division_by_zero
-- error: 22012
UPDATE items SET price = 1 / (stock - stock) WHERE code = 'item-1';
-- name: numeric_overflow
-- error: 22003
UPDATE users SET score = 1e10 WHERE id = 7;
