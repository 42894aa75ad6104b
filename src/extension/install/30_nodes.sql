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

REVOKE EXECUTE ON FUNCTION
    herd.adopt_cluster(bool),
    herd.replace_coordinator(),
    herd.set_service_role(text, text),
    herd.add_node(text, int, text, text),
    herd.remove_node(text),
    herd.set_node_holds_shards(text, bool),
    herd.join_cluster(uuid)
FROM PUBLIC;
