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

CREATE FUNCTION herd.await_transactions(keys bytea) RETURNS boolean
    AS 'MODULE_PATHNAME', 'herd_await_transactions' LANGUAGE C STRICT;
COMMENT ON FUNCTION herd.await_transactions(bytea) IS
    'internal: wait until this node has finished these transactions over several nodes';

CREATE FUNCTION herd.prepared_transactions()
    RETURNS TABLE (node text, gid text, transaction_id bigint, coordinator bigint, is_own bool, prepared_at timestamptz,
                   state text)
    AS 'MODULE_PATHNAME', 'herd_prepared_transactions' LANGUAGE C VOLATILE ROWS 10;
COMMENT ON FUNCTION herd.prepared_transactions() IS
    'parts of this cluster''s transactions that are prepared on nodes; see the view herd.transactions';

CREATE VIEW herd.transactions AS
    SELECT p.transaction_id, p.node, p.state, p.prepared_at,
           pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) p.prepared_at AS age,
           p.is_own, p.coordinator, p.gid
    FROM herd.prepared_transactions() p;
COMMENT ON VIEW herd.transactions IS 'transactions over several nodes that are prepared, not yet finished, on a node';

REVOKE EXECUTE ON FUNCTION herd.prepared_transactions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION herd.prepared_transactions() TO pg_monitor;
GRANT SELECT ON herd.transactions TO pg_monitor;
