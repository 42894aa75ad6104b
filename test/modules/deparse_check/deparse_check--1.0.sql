\echo Use "CREATE EXTENSION deparse_check" to load this file. \quit

-- The template of a statement; holes as «schema.relation». Tables of schema shop are the shells. Minor versions of
-- PostgreSQL differ in whether they write AS after the target of UPDATE and DELETE: here it is left out.
CREATE FUNCTION exact_template(statement text) RETURNS text STRICT AS 'MODULE_PATHNAME', 'deparse_template' LANGUAGE C;
CREATE FUNCTION template(statement text) RETURNS text STRICT LANGUAGE sql
AS $$SELECT regexp_replace(deparse_check.exact_template(statement), '((UPDATE|DELETE FROM) «[^»]*») AS ', '\1 ', 'g')$$;

-- The template filled for the only shard.
CREATE FUNCTION fill(statement text) RETURNS text STRICT
AS 'MODULE_PATHNAME', 'deparse_fill' LANGUAGE C;

-- The statements that make the table's shard, in order: its table, its indexes and checks, its foreign keys.
CREATE FUNCTION table_statements(shell regclass) RETURNS text[] STRICT
AS 'MODULE_PATHNAME', 'deparse_table_statements' LANGUAGE C;
CREATE FUNCTION index_statements(shell regclass) RETURNS text[] STRICT
AS 'MODULE_PATHNAME', 'deparse_index_statements' LANGUAGE C;
CREATE FUNCTION foreign_key_statements(shell regclass) RETURNS text[] STRICT
AS 'MODULE_PATHNAME', 'deparse_foreign_key_statements' LANGUAGE C;

CREATE FUNCTION shard_of(shell regclass) RETURNS text LANGUAGE sql
AS $$SELECT format('%s.%I', CASE WHEN relname LIKE 'ref\_%' THEN 'copies' ELSE 'shard' END, relname)
FROM pg_class WHERE oid = shell$$;

-- Makes the tables' shards, with their rows, by those statements.
CREATE FUNCTION make_shards() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    shell record;
    statement text;
BEGIN
    FOR shell IN SELECT oid::regclass AS name, deparse_check.shard_of(oid) AS shard,
            (SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
             WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns
        FROM pg_class c WHERE relnamespace = 'shop'::regnamespace AND relkind = 'r'
    LOOP
        FOREACH statement IN ARRAY deparse_check.table_statements(shell.name) LOOP EXECUTE statement; END LOOP;
        EXECUTE format('INSERT INTO %s (%s) SELECT %2$s FROM %s', shell.shard, shell.columns, shell.name);
        FOREACH statement IN ARRAY deparse_check.index_statements(shell.name) LOOP EXECUTE statement; END LOOP;
    END LOOP;
    FOR statement IN SELECT unnest(deparse_check.foreign_key_statements(oid))
        FROM pg_class c WHERE relnamespace = 'shop'::regnamespace AND relkind = 'r'
    LOOP
        EXECUTE statement;
    END LOOP;
END $$;

-- The statements that make the types of the table's columns.
CREATE FUNCTION type_statements(shell regclass) RETURNS text[] STRICT
AS 'MODULE_PATHNAME', 'deparse_type_statements' LANGUAGE C;

-- Executes a statement; its column names, its rows as text, the number of rows processed.
CREATE FUNCTION run(statement text) RETURNS text[] STRICT AS 'MODULE_PATHNAME', 'deparse_run' LANGUAGE C;

-- The rows of all tables of the schemas, in no order.
CREATE FUNCTION state(VARIADIC schemas text[]) RETURNS text[] LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    result text[] := '{}';
    relation record;
    rows text[];
BEGIN
    FOR relation IN SELECT oid::regclass AS name, relname::text FROM pg_class
        WHERE relnamespace::regnamespace::text = ANY (schemas) AND relkind = 'r' ORDER BY relname COLLATE "C"
    LOOP
        EXECUTE format('SELECT array_agg(t::text ORDER BY t::text COLLATE "C") FROM %s t', relation.name) INTO rows;
        result := result || relation.relname || rows;
    END LOOP;
    RETURN result;
END $$;

-- Runs a statement and takes it back.
CREATE FUNCTION try(statement text, path text, VARIADIC schemas text[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    result text[];
BEGIN
    PERFORM setval(oid::regclass, 1000) FROM pg_class WHERE relnamespace = 'shop'::regnamespace AND relkind = 'S';
    PERFORM set_config('search_path', path, true);
    result := deparse_check.run(statement);
    IF result[1] LIKE 'write%' THEN
        SELECT result[1:2] || array_agg(r ORDER BY r COLLATE "C") INTO result FROM unnest(result[3:]) r;
    END IF;
    result := result || deparse_check.state(VARIADIC schemas);
    RAISE SQLSTATE 'UNDO0';
EXCEPTION WHEN SQLSTATE 'UNDO0' THEN
    RETURN result;
END $$;

-- 'same' if the statement on schema shop and its template filled for its shard give the same rows and leave the
-- same tables; else what came out.
CREATE FUNCTION compare(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    path text := current_setting('search_path');
    filled text;
    expected text[];
    got text[];
BEGIN
    filled := deparse_check.fill(statement);
    expected := deparse_check.try(statement, path, 'shop');
    BEGIN
        PERFORM set_config('standard_conforming_strings', 'on', true);
        got := deparse_check.try(filled, 'pg_catalog', 'shard', 'copies');
    EXCEPTION WHEN OTHERS THEN
        RETURN SQLERRM || E'\n' || filled;
    END;
    IF got = expected THEN
        RETURN 'same';
    END IF;
    RETURN concat_ws(E'\n', 'DIFFERENT', expected, got, filled);
END $$;
