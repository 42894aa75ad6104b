\echo Use "CREATE EXTENSION deparse_check" to load this file. \quit

-- The template of a statement; holes as «schema.relation». Tables of schema shop are the shells.
CREATE FUNCTION template(statement text) RETURNS text STRICT AS 'MODULE_PATHNAME', 'deparse_template' LANGUAGE C;

-- The template with every hole filled by the table of that name in the schema.
CREATE FUNCTION fill(statement text, target_schema text) RETURNS text STRICT
AS 'MODULE_PATHNAME', 'deparse_fill' LANGUAGE C;

-- Executes a statement; its column names, its rows as text, the number of rows processed.
CREATE FUNCTION run(statement text) RETURNS text[] STRICT AS 'MODULE_PATHNAME', 'deparse_run' LANGUAGE C;

-- The rows of all tables of a schema, in no order.
CREATE FUNCTION state(schema_name text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    result text[] := '{}';
    relation record;
    rows text[];
BEGIN
    FOR relation IN SELECT relname FROM pg_class
        WHERE relnamespace = schema_name::regnamespace AND relkind = 'r' ORDER BY relname COLLATE "C"
    LOOP
        EXECUTE format('SELECT array_agg(t::text ORDER BY t::text COLLATE "C") FROM %I.%I t', schema_name, relation.relname)
            INTO rows;
        result := result || relation.relname::text || rows;
    END LOOP;
    RETURN result;
END $$;

-- Runs a statement and takes it back.
CREATE FUNCTION try(statement text, path text, schema_name text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    result text[];
BEGIN
    PERFORM setval(oid::regclass, 1000) FROM pg_class WHERE relnamespace = 'shop'::regnamespace AND relkind = 'S';
    PERFORM set_config('search_path', path, true);
    result := deparse_check.run(statement) || deparse_check.state(schema_name);
    RAISE SQLSTATE 'UNDO0';
EXCEPTION WHEN SQLSTATE 'UNDO0' THEN
    RETURN result;
END $$;

-- 'same' if the statement on schema shop and its template filled with schema shard give the same rows and leave the
-- same tables; else what came out.
CREATE FUNCTION compare(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    path text := current_setting('search_path');
    filled text;
    expected text[];
    got text[];
BEGIN
    filled := deparse_check.fill(statement, 'shard');
    expected := deparse_check.try(statement, path, 'shop');
    BEGIN
        got := deparse_check.try(filled, 'pg_catalog', 'shard');
    EXCEPTION WHEN OTHERS THEN
        RETURN SQLERRM || E'\n' || filled;
    END;
    IF got = expected THEN
        RETURN 'same';
    END IF;
    RETURN concat_ws(E'\n', 'DIFFERENT', expected, got, filled);
END $$;
