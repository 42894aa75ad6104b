-- Which servers belong to the cluster. Only superusers may say so.

CREATE FUNCTION herd.set_service_role(role_name text, password text) RETURNS void
    AS 'MODULE_PATHNAME', 'herd_set_service_role' LANGUAGE C;
COMMENT ON FUNCTION herd.set_service_role(text, text) IS
    'role and password with which the coordinator connects to the nodes';

CREATE FUNCTION herd.add_node(host text, port int, name text DEFAULT NULL, dbname text DEFAULT current_database())
    RETURNS int AS 'MODULE_PATHNAME', 'herd_add_node' LANGUAGE C;
COMMENT ON FUNCTION herd.add_node(text, int, text, text) IS 'add a server to the cluster';

CREATE FUNCTION herd.remove_node(name text) RETURNS void
    AS 'MODULE_PATHNAME', 'herd_remove_node' LANGUAGE C;
COMMENT ON FUNCTION herd.remove_node(text) IS 'remove a server that holds no shards from the cluster';

CREATE FUNCTION herd.set_node_holds_shards(name text, holds_shards bool) RETURNS void
    AS 'MODULE_PATHNAME', 'herd_set_node_holds_shards' LANGUAGE C;
COMMENT ON FUNCTION herd.set_node_holds_shards(text, bool) IS 'may new shards be placed on the node?';

CREATE FUNCTION herd.join_cluster(cluster_id uuid) RETURNS void
    AS 'MODULE_PATHNAME', 'herd_join_cluster' LANGUAGE C;
COMMENT ON FUNCTION herd.join_cluster(uuid) IS
    'called by a coordinator on a node: this database takes tasks from that cluster, in sessions of the calling role';

CREATE FUNCTION herd.adopt_cluster(roll_back_in_doubt bool DEFAULT false) RETURNS int
    AS 'MODULE_PATHNAME', 'herd_adopt_cluster' LANGUAGE C;
COMMENT ON FUNCTION herd.adopt_cluster(bool) IS
    'make this copy of a coordinator the coordinator; its nodes refuse the original from now on; returns how many nodes';

CREATE FUNCTION herd.replace_coordinator() RETURNS void
    AS 'MODULE_PATHNAME', 'herd_replace_coordinator' LANGUAGE C;
COMMENT ON FUNCTION herd.replace_coordinator() IS
    'called by a coordinator on a node: no other coordinator may send tasks to it any more';

CREATE FUNCTION herd.type_definition(type regtype) RETURNS text
    AS 'MODULE_PATHNAME', 'herd_type_definition' LANGUAGE C STRICT STABLE;
COMMENT ON FUNCTION herd.type_definition(regtype) IS
    'internal: the statements that make a type and the types it is made of, to compare it with another server''s';

-- Types that are made of it can only be such as are left of a time when they were used, too; what a table uses is not dropped.
CREATE FUNCTION herd.drop_type_on_node(name text, unless_defined_by text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    type regtype := to_regtype(name);
    made_of_it regtype;
BEGIN
    IF type IS NULL OR herd.type_definition(type) = unless_defined_by THEN
        RETURN;
    END IF;
    FOR made_of_it IN
        WITH RECURSIVE made (oid, depth) AS (
            SELECT type::oid, 0
            UNION
            SELECT coalesce(c.reltype, d.objid), made.depth + 1
            FROM made JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.refobjid = made.oid
            LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid AND d.objsubid > 0 AND c.relkind = 'c'
            WHERE d.classid = 'pg_type'::regclass OR c.oid IS NOT NULL)
        SELECT t.oid FROM made JOIN pg_type t USING (oid) LEFT JOIN pg_class c ON c.oid = t.typrelid
        WHERE t.typtype IN ('e', 'd') OR c.relkind = 'c'
        GROUP BY t.oid ORDER BY max(made.depth) DESC
    LOOP
        EXECUTE format('DROP TYPE %s', made_of_it);
    END LOOP;
END;
$$;
COMMENT ON FUNCTION herd.drop_type_on_node(text, text) IS
    'internal: called by a coordinator on a node: drop the type, unless its definition is this one';

REVOKE EXECUTE ON FUNCTION
    herd.adopt_cluster(bool),
    herd.replace_coordinator(),
    herd.set_service_role(text, text),
    herd.add_node(text, int, text, text),
    herd.remove_node(text),
    herd.set_node_holds_shards(text, bool),
    herd.join_cluster(uuid),
    herd.type_definition(regtype),
    herd.drop_type_on_node(text, text)
FROM PUBLIC;
