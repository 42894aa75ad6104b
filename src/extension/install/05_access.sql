-- The access method of shells: what PostgreSQL sees where our planner is not asked.
CREATE FUNCTION herd.table_access_handler(internal) RETURNS table_am_handler
    AS 'MODULE_PATHNAME', 'herd_table_access_handler' LANGUAGE C STRICT;
CREATE ACCESS METHOD herd TYPE TABLE HANDLER herd.table_access_handler;
COMMENT ON ACCESS METHOD herd IS 'distributed tables: the rows are in shards';

-- How a coordinator gives a node's session the user's custom settings.
CREATE FUNCTION herd.take_setting(name text, value text) RETURNS bool
    AS 'MODULE_PATHNAME', 'herd_take_setting' LANGUAGE C;
COMMENT ON FUNCTION herd.take_setting(text, text) IS 'internal: set a custom setting as a role without rights';
REVOKE EXECUTE ON FUNCTION herd.take_setting(text, text) FROM PUBLIC;
