-- Tables of schema shop, and their shards with the same rows in schemas shard and copies.
CREATE EXTENSION deparse_check;
CREATE SCHEMA shop;
CREATE SCHEMA shard;
CREATE SCHEMA copies;
CREATE SCHEMA "Odd Schema";

CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s fine');
CREATE TYPE address AS (street text, zip int);
CREATE TYPE person AS (name text, home address);
CREATE DOMAIN positive AS int DEFAULT 7 CHECK (value > 0);
CREATE DOMAIN int_list AS int[];
CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
CREATE FUNCTION pairs(n int, OUT a int, OUT b text) RETURNS SETOF record LANGUAGE sql IMMUTABLE
AS $$SELECT i, 'p' || i FROM generate_series(1, n) i$$;
CREATE FUNCTION "Odd Schema"."Odd Op"(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 10 + $2';
CREATE OPERATOR "Odd Schema".<+> (LEFTARG = int, RIGHTARG = int, FUNCTION = "Odd Schema"."Odd Op");
CREATE COLLATION odd (LOCALE = 'C');

CREATE TABLE shop.users (
    gone int,
    id int PRIMARY KEY,
    name text COLLATE odd,
    feeling mood,
    also_gone text,
    home address,
    born timestamptz);
ALTER TABLE shop.users DROP COLUMN gone, DROP COLUMN also_gone;
CREATE TABLE shop.orders (
    user_id int,
    id int GENERATED ALWAYS AS IDENTITY,
    amount numeric(10, 2) DEFAULT 1.5,
    quantity positive,
    tags text[],
    who person,
    matrix int_list,
    doubled int GENERATED ALWAYS AS (quantity * 2) STORED,
    note varchar(10) DEFAULT 'none',
    PRIMARY KEY (user_id, id),
    CONSTRAINT "Odd Constraint" UNIQUE (id, note));
CREATE TABLE shop."Ünïcode ""T""" ("select" int UNIQUE, "Column 1" text, ü int DEFAULT 3);
CREATE TABLE shop.ref_kinds (kind int PRIMARY KEY, label text);
CREATE TABLE shop.generated_only (k int PRIMARY KEY, g int GENERATED ALWAYS AS (k + 1) STORED);
CREATE DOMAIN checked_address AS address CHECK ((VALUE).zip > 0);
CREATE TABLE shop.documents (id int PRIMARY KEY, data jsonb, checked checked_address, ranges int4range[]);

INSERT INTO shop.users
SELECT i, 'user ' || i, (enum_range(NULL::mood))[1 + i % 3], ROW('street ' || i, i * 11)::address,
    '2020-01-01 00:00+00'::timestamptz + i * interval '1 day 01:02:03.004005'
FROM generate_series(1, 5) i;
INSERT INTO shop.orders (user_id, amount, quantity, tags, who, matrix, note)
SELECT i % 4, i * 1.25, 1 + i % 3, ARRAY['t' || i, 'x'], ROW('who ' || i, ROW('st', i)::address)::person, ARRAY[i, i + 1], 'note ' || i
FROM generate_series(1, 8) i;
INSERT INTO shop."Ünïcode ""T""" VALUES (1, 'ä', 1), (2, 'ß', DEFAULT), (3, NULL, NULL);
INSERT INTO shop.ref_kinds VALUES (0, 'zero'), (1, 'one'), (2, 'two'), (9, 'nine');
INSERT INTO shop.documents VALUES (1, '{"a": {}}', ROW('x', 1), '{"[1,5)"}'), (2, NULL, NULL, NULL);
INSERT INTO shop.generated_only VALUES (1), (2);

SELECT deparse_check.make_shards();

CREATE VIEW user_view AS SELECT id, name, feeling FROM shop.users WHERE id < 5;
ALTER VIEW user_view RENAME COLUMN name TO called;
CREATE VIEW order_view AS SELECT user_id AS owner, id, amount, quantity, tags, note FROM shop.orders;
CREATE VIEW both_view AS SELECT u.id, o.note FROM shop.users u JOIN shop.orders o ON o.user_id = u.id;
CREATE VIEW union_view(x, y) AS SELECT id, name FROM shop.users UNION ALL SELECT kind, label FROM shop.ref_kinds;
ALTER VIEW union_view RENAME COLUMN x TO z;
CREATE VIEW ruled_view AS SELECT id, name AS called FROM shop.users;
CREATE RULE rewrite_update AS ON UPDATE TO ruled_view DO INSTEAD UPDATE shop.users SET name = new.called || '!' WHERE id = old.id;
CREATE RULE rewrite_insert AS ON INSERT TO ruled_view DO INSTEAD INSERT INTO shop.users (name, id) VALUES (new.called, new.id + 100);
