-- Transactions over several nodes.

CREATE FUNCTION herd.recover_transactions() RETURNS int
    AS 'MODULE_PATHNAME', 'herd_recover_transactions' LANGUAGE C;
COMMENT ON FUNCTION herd.recover_transactions() IS
    'finish transactions that a crash or a lost connection left prepared on nodes; returns how many';

REVOKE EXECUTE ON FUNCTION herd.recover_transactions() FROM PUBLIC;

-- What a coordinator asks the nodes under herd.snapshot = consistent. They tell nothing that a snapshot would not.

CREATE FUNCTION herd.snapshot_report(window_us bigint) RETURNS bytea
    AS 'MODULE_PATHNAME', 'herd_snapshot_report' LANGUAGE C STRICT;
COMMENT ON FUNCTION herd.snapshot_report(bigint) IS
    'internal: what this statement''s snapshot sees of recent transactions over several nodes';

CREATE FUNCTION herd.await_transactions(keys bytea) RETURNS void
    AS 'MODULE_PATHNAME', 'herd_await_transactions' LANGUAGE C STRICT;
COMMENT ON FUNCTION herd.await_transactions(bytea) IS
    'internal: wait until this node has finished these transactions over several nodes';
