-- Tables to be refused, and good ones whose contents must stay.
CREATE SCHEMA bad;
GRANT USAGE ON SCHEMA bad TO PUBLIC;
CREATE COLLATION bad.ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TYPE bad.pair AS (a int, b int);
CREATE DOMAIN bad.document AS jsonb;
CREATE TYPE bad.color AS ENUM ('red', 'green');

CREATE TABLE bad.keep (id int PRIMARY KEY, v text, c bad.color);
INSERT INTO bad.keep SELECT g, 'row ' || g FROM generate_series(1, 20) AS g;
CREATE TABLE bad.spread (id int PRIMARY KEY, v text);
INSERT INTO bad.spread SELECT g, 'row ' || g FROM generate_series(1, 40) AS g;
CREATE TABLE bad.by_text (k text, v int);
CREATE TABLE bad.by_enum (k bad.color, v int);
CREATE TABLE bad.ref (code text PRIMARY KEY);
INSERT INTO bad.ref VALUES ('a'), ('b');

CREATE TABLE bad.types (i int, j jsonb, js json, iv interval, ia int[], p bad.pair, d bad.document, pt point, ts tsvector,
    ip inet, m money, b bit(3), t time, tz timetz, r int4range, x xml, n name, ch "char", ci text COLLATE bad.ci, lsn pg_lsn);
INSERT INTO bad.types (i) VALUES (1), (2);
CREATE TABLE bad.wrong_primary_key (id int PRIMARY KEY, k int);
CREATE TABLE bad.wrong_unique (id int, k int UNIQUE, PRIMARY KEY (id));
CREATE TABLE bad.wrong_unique_index (id int PRIMARY KEY, v text);
CREATE UNIQUE INDEX wrong_unique_index_v ON bad.wrong_unique_index (v);
CREATE TABLE bad.wrong_exclusion (id int, v int, EXCLUDE USING btree (v WITH =));
CREATE TABLE bad.key_to_local (id int PRIMARY KEY, k int REFERENCES bad.keep);
CREATE TABLE bad.key_from_local (id int PRIMARY KEY);
INSERT INTO bad.key_from_local VALUES (1);
CREATE TABLE bad.referring (id int REFERENCES bad.key_from_local);
INSERT INTO bad.referring VALUES (1);
CREATE TABLE bad.key_to_itself (id int PRIMARY KEY, parent int REFERENCES bad.key_to_itself);
CREATE TABLE bad.with_trigger (id int, v text);
CREATE FUNCTION bad.nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t BEFORE INSERT ON bad.with_trigger FOR EACH ROW EXECUTE FUNCTION bad.nothing();
CREATE TABLE bad.with_rule (id int, v text);
CREATE RULE r AS ON INSERT TO bad.with_rule DO ALSO NOTIFY something;
CREATE TABLE bad.parted (id int, v text) PARTITION BY RANGE (id);
CREATE TABLE bad.part PARTITION OF bad.parted FOR VALUES FROM (0) TO (100);
CREATE TABLE bad.parent (id int);
CREATE TABLE bad.child (v text) INHERITS (bad.parent);
CREATE TABLE bad.no_columns ();
CREATE TABLE bad.dropped_column (id int, gone int);
ALTER TABLE bad.dropped_column DROP COLUMN gone;
CREATE VIEW bad.view AS SELECT * FROM bad.keep;
CREATE MATERIALIZED VIEW bad.matview AS SELECT * FROM bad.keep;
CREATE SEQUENCE bad.seq;
CREATE FOREIGN DATA WRAPPER bad_wrapper;
CREATE SERVER bad_server FOREIGN DATA WRAPPER bad_wrapper;
CREATE FOREIGN TABLE bad.far (id int) SERVER bad_server;
CREATE TABLE bad.owned (id int, v text);
INSERT INTO bad.owned VALUES (1, 'mine');
ALTER TABLE bad.owned OWNER TO herd_test_owner;
CREATE TABLE bad.owned_distributed (id int, v text);
ALTER TABLE bad.owned_distributed OWNER TO herd_test_owner;
GRANT SELECT ON bad.keep TO herd_test_other;
CREATE TABLE bad."x'; DROP TABLE bad.keep; --" ("k""; DROP TABLE bad.keep; --" int, v text);
CREATE TABLE bad."tab ""é☃"" $1 %s \ " ("sélect ""k""" text PRIMARY KEY, "from" int);
CREATE TABLE bad.a23456789012345678901234567890123456789012345678901234567890123 (
    b23456789012345678901234567890123456789012345678901234567890123 int PRIMARY KEY, v text);
