-- name: do_nothing
INSERT INTO sparse VALUES (1, 'again') ON CONFLICT DO NOTHING;
-- name: do_nothing_some_rows
INSERT INTO sparse VALUES (1, 'again'), (2, 'two'), (1000, 'again'), (3, 'three') ON CONFLICT (id) DO NOTHING;
-- name: do_nothing_returning
INSERT INTO sparse VALUES (1, 'again'), (4, 'four') ON CONFLICT (id) DO NOTHING RETURNING *;
-- name: do_update
INSERT INTO sparse VALUES (1, 'again') ON CONFLICT (id) DO UPDATE SET v = excluded.v || ' and ' || sparse.v RETURNING *;
-- name: do_update_where
INSERT INTO sparse VALUES (1, 'x'), (1000, 'y') ON CONFLICT (id) DO UPDATE SET v = excluded.v WHERE sparse.id > 10;
-- name: do_update_many
INSERT INTO orders (user_id, id, quantity) VALUES (7, 3, 1), (7, 6, 2), (7, 7000, 3) ON CONFLICT (user_id, id) DO UPDATE SET quantity = orders.quantity + excluded.quantity, remark = 'merged' RETURNING user_id, id, quantity, total, remark;
-- name: on_constraint
INSERT INTO users (id, name) VALUES (7, 'seven') ON CONFLICT ON CONSTRAINT users_pkey DO UPDATE SET name = excluded.name, age = users.age + 1 RETURNING id, name, age;
-- name: alias
INSERT INTO sparse AS s VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET v = s.v || excluded.id;
-- name: set_row
INSERT INTO users (id, name, age) VALUES (8, 'n', 5) ON CONFLICT (id) DO UPDATE SET (name, age) = (excluded.name, excluded.age) RETURNING id, name, age;
-- name: partial_index
INSERT INTO users (id, name, active) VALUES (9, 'n', true) ON CONFLICT (id) WHERE active DO NOTHING;
-- name: affects_row_twice
-- error: 21000
INSERT INTO sparse VALUES (1, 'x'), (1, 'y') ON CONFLICT (id) DO UPDATE SET v = excluded.v;
-- name: no_such_index
-- error: 42P10
INSERT INTO sparse VALUES (1, 'x') ON CONFLICT (v) DO NOTHING;
-- name: other_violation_remains
-- error: 23514
INSERT INTO orders (user_id, id, quantity) VALUES (7, 3, 0) ON CONFLICT (user_id, id) DO NOTHING;
-- name: reference
INSERT INTO country (code, name) VALUES ('at', 'Österreich'), ('ch', 'Switzerland') ON CONFLICT (code) DO UPDATE SET name = excluded.name RETURNING code, name;
-- name: from_select
INSERT INTO sparse SELECT id, name FROM users WHERE id < 6 ON CONFLICT (id) DO UPDATE SET v = excluded.v;
-- name: prepared
PREPARE i (int, text) AS INSERT INTO sparse VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET v = sparse.v || excluded.v RETURNING v;
EXECUTE i (1, 'a');
EXECUTE i (3001, 'b');
EXECUTE i (3001, 'c');
EXECUTE i (3001, 'd');
EXECUTE i (3002, 'e');
EXECUTE i (3002, NULL);
EXECUTE i (1, 'f');
DEALLOCATE i;
-- name: excluding_constraint
INSERT INTO booking VALUES (1, 0, 'other') ON CONFLICT DO NOTHING;
INSERT INTO booking VALUES (1, 0, NULL) ON CONFLICT DO NOTHING;
