-- The access method of shells: what PostgreSQL sees where our planner is not asked.
CREATE FUNCTION herd.table_access_handler(internal) RETURNS table_am_handler
    AS 'MODULE_PATHNAME', 'herd_table_access_handler' LANGUAGE C STRICT;
CREATE ACCESS METHOD herd TYPE TABLE HANDLER herd.table_access_handler;
COMMENT ON ACCESS METHOD herd IS 'distributed tables: the rows are in shards';
