-- Nodes know roles by name. Herd follows CREATE, ALTER … RENAME and DROP ROLE in its own database only.

CREATE FUNCTION herd.sync_roles() RETURNS int
    AS 'MODULE_PATHNAME', 'herd_sync_roles' LANGUAGE C;
COMMENT ON FUNCTION herd.sync_roles() IS 'create the roles of this server that other nodes lack; returns how many';

REVOKE EXECUTE ON FUNCTION herd.sync_roles() FROM PUBLIC;
