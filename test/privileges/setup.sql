-- The same objects in the schemas plain and dist; {schema} is one of them. Owned by priv_owner.
CREATE TABLE country (code text PRIMARY KEY, name text);
CREATE TABLE account (
    tenant int,
    id int,
    owner text,
    balance numeric NOT NULL CHECK (balance >= 0),
    secret text,
    country text REFERENCES country,
    PRIMARY KEY (tenant, id)
);
CREATE TABLE doc (
    tenant int,
    id int,
    author text,
    body text,
    weight int,
    PRIMARY KEY (tenant, id)
);
CREATE TABLE diary (id int PRIMARY KEY, author text DEFAULT current_user, body text, kind int CHECK (kind > 0));
CREATE TABLE closed (id int PRIMARY KEY, v text);
CREATE TABLE journal (id int PRIMARY KEY, who text DEFAULT current_user, session_who text DEFAULT session_user);
-- distribute

INSERT INTO country VALUES ('at', 'Austria'), ('de', 'Germany');
INSERT INTO account SELECT t, i, 'owner ' || t, 100 * t + i, 'secret ' || t || '-' || i, 'at' FROM generate_series(1, 4) t, generate_series(1, 5) i;
INSERT INTO doc SELECT t, i, 'author ' || t, 'body ' || t || '-' || i, t - 2 FROM generate_series(1, 4) t, generate_series(1, 3) i;
INSERT INTO diary VALUES (1, 'priv_alice', 'dear'), (2, 'priv_bob', 'diary'), (3, 'priv_owner', 'x'), (4, 'priv_alice', 'more');
INSERT INTO closed SELECT g, 'v' || g FROM generate_series(1, 5) g;

ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON doc USING (tenant = current_setting('app.tenant', true)::int);
ALTER TABLE diary ENABLE ROW LEVEL SECURITY;
ALTER TABLE diary FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON diary USING (author = current_user);

CREATE VIEW account_public AS SELECT tenant, id, owner, balance FROM account;
CREATE VIEW account_first WITH (security_barrier) AS SELECT tenant, id, owner, secret FROM account WHERE tenant = 1;
CREATE VIEW account_invoker WITH (security_invoker) AS SELECT tenant, id, secret FROM account;
CREATE VIEW account_small AS SELECT tenant, id, balance FROM account WHERE balance < 250 WITH CHECK OPTION;
CREATE VIEW doc_owner_view AS SELECT * FROM doc;
CREATE VIEW doc_invoker_view WITH (security_invoker) AS SELECT * FROM doc;

CREATE FUNCTION total() RETURNS numeric LANGUAGE sql SECURITY DEFINER SET search_path = {schema} AS 'SELECT sum(balance) FROM account';
CREATE FUNCTION secret_of(t int, i int) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = {schema}
    AS 'SELECT secret FROM account WHERE tenant = t AND id = i';
CREATE FUNCTION invoker_secret() RETURNS text LANGUAGE sql AS 'SELECT min(secret) FROM {schema}.account';
CREATE FUNCTION definer_user() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT current_user::text';
CREATE FUNCTION add_journal(n int) RETURNS void LANGUAGE sql SECURITY DEFINER AS 'INSERT INTO {schema}.journal (id) VALUES (n)';
CREATE FUNCTION definer_dynamic(q text) RETURNS text LANGUAGE plpgsql SECURITY INVOKER AS
    $$ DECLARE r text; BEGIN EXECUTE q INTO r; RETURN r; END $$;
CREATE FUNCTION leak(t text) RETURNS bool LANGUAGE plpgsql COST 0.0001 AS
    $$ BEGIN RAISE NOTICE 'leaked %', t; RETURN true; END $$;
CREATE FUNCTION hidden_function() RETURNS int LANGUAGE sql AS 'SELECT 1';
REVOKE EXECUTE ON FUNCTION hidden_function() FROM PUBLIC;

GRANT USAGE ON SCHEMA {schema} TO PUBLIC;
GRANT CREATE ON SCHEMA {schema} TO priv_creator;
GRANT SELECT ON country TO PUBLIC;
GRANT SELECT (tenant, id, owner), UPDATE (owner) ON account TO priv_alice;
GRANT SELECT ON account TO priv_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON account TO priv_writer;
GRANT INSERT (tenant, id, balance), DELETE ON account TO priv_inserter;
GRANT SELECT, INSERT, UPDATE, DELETE ON doc, diary TO priv_alice, priv_bob;
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON doc TO priv_bypass;
GRANT SELECT ON doc TO priv_group;
GRANT SELECT ON account_public, account_first, account_invoker, doc_owner_view, doc_invoker_view TO priv_alice, priv_bob;
GRANT SELECT, INSERT, UPDATE, DELETE ON account_small TO priv_alice;
GRANT SELECT, INSERT ON journal TO priv_alice, priv_group;
