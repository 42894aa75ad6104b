-- What is where, for everyone to read.

CREATE FUNCTION herd.server_option(options text[], option text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (SELECT option_value FROM pg_catalog.pg_options_to_table(options) o WHERE o.option_name = option);

CREATE VIEW herd.nodes AS
    SELECT n.node_id, n.name,
           herd.server_option(s.srvoptions, 'host') AS host,
           coalesce(herd.server_option(s.srvoptions, 'port'), current_setting('port'))::int AS port,
           n.database_name AS dbname,
           n.role = 'coordinator' AS is_coordinator,
           n.holds_shards, n.state
    FROM herd.node n LEFT JOIN pg_catalog.pg_foreign_server s ON s.srvname = n.name;
COMMENT ON VIEW herd.nodes IS 'the servers of the cluster';

CREATE VIEW herd.tables AS
    SELECT t.table_oid::regclass AS table_name,
           a.attname AS distribution_column,
           c.method, t.group_id, c.shard_count, m.amname AS access_method
    FROM herd.distributed_table t
    JOIN herd.colocation c USING (group_id)
    JOIN pg_catalog.pg_class r ON r.oid = t.table_oid
    LEFT JOIN pg_catalog.pg_am m ON m.oid = r.relam
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.table_oid AND a.attnum = t.distribution_column;
COMMENT ON VIEW herd.tables IS 'distributed tables and how they are distributed';

CREATE VIEW herd.shards AS
    SELECT t.table_oid::regclass AS table_name, s.shard_id, s.lower_hash, s.upper_hash, n.name AS node,
           format('herd_%s_%s', s.shard_id, t.schema_number) AS shard_schema
    FROM herd.distributed_table t
    JOIN pg_catalog.pg_class r ON r.oid = t.table_oid
    JOIN herd.shard s USING (group_id)
    JOIN herd.placement p USING (shard_id)
    JOIN herd.node n USING (node_id);
COMMENT ON VIEW herd.shards IS 'shards of distributed tables and the nodes that hold them; see herd.shard_sizes()';

GRANT SELECT ON herd.nodes, herd.tables, herd.shards TO PUBLIC;

CREATE FUNCTION herd.shard_sizes(table_name regclass)
    RETURNS TABLE (shard_id bigint, node text, row_count bigint, bytes bigint)
    AS 'MODULE_PATHNAME', 'herd_shard_sizes' LANGUAGE C VOLATILE ROWS 32;
COMMENT ON FUNCTION herd.shard_sizes(regclass) IS 'rows and bytes of each shard, counted on the nodes';

CREATE FUNCTION herd.connection_counts()
    RETURNS TABLE (node text, in_use int, idle int, waiting int, max_connections int)
    AS 'MODULE_PATHNAME', 'herd_connection_counts' LANGUAGE C VOLATILE ROWS 10;
COMMENT ON FUNCTION herd.connection_counts() IS 'see the view herd.connections';

CREATE VIEW herd.connections AS SELECT * FROM herd.connection_counts();
COMMENT ON VIEW herd.connections IS 'how many connections the sessions of this server have to each node';

GRANT SELECT ON herd.connections TO PUBLIC;
