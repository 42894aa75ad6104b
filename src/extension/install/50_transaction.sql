-- Transactions over several nodes.

CREATE FUNCTION herd.recover_transactions() RETURNS int
    AS 'MODULE_PATHNAME', 'herd_recover_transactions' LANGUAGE C;
COMMENT ON FUNCTION herd.recover_transactions() IS
    'finish transactions that a crash or a lost connection left prepared on nodes; returns how many';

REVOKE EXECUTE ON FUNCTION herd.recover_transactions() FROM PUBLIC;
