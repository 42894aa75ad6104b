-- What an ordinary role that may create objects would try: functions that note who runs them and what he may read.
CREATE SCHEMA priv_schema AUTHORIZATION priv_creator;
GRANT CREATE ON DATABASE postgres TO priv_creator;
SET ROLE priv_creator;
CREATE TABLE priv_schema.notes (who text, may_read bool);
CREATE FUNCTION priv_schema.spy(v int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF current_user <> 'priv_creator' THEN
        RAISE EXCEPTION 'user code runs as %', current_user;
    END IF;
    RETURN true;
END $$;
CREATE FUNCTION priv_schema.taken() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM priv_schema.notes';
CREATE DOMAIN priv_schema.evil AS int CHECK (priv_schema.spy(VALUE));
CREATE TYPE priv_schema.pair AS (v priv_schema.evil);
CREATE TABLE priv_schema.mine (k int PRIMARY KEY, v int, t text);
INSERT INTO priv_schema.mine SELECT g, g, 't' FROM generate_series(1, 8) g;
SELECT herd.create_distributed_table('priv_schema.mine', 'k', 4);
RESET ROLE;
