-- Making tables distributed, and local again. The functions check that the caller owns the table.

CREATE FUNCTION herd.create_distributed_table(table_name regclass, distribution_column text,
        shard_count int DEFAULT NULL, colocate_with text DEFAULT 'default') RETURNS void
    AS 'MODULE_PATHNAME', 'herd_create_distributed_table' LANGUAGE C;
COMMENT ON FUNCTION herd.create_distributed_table(regclass, text, int, text) IS
    'spread the rows of a table over the nodes by the hash of a column';

CREATE FUNCTION herd.create_reference_table(table_name regclass) RETURNS void
    AS 'MODULE_PATHNAME', 'herd_create_reference_table' LANGUAGE C;
COMMENT ON FUNCTION herd.create_reference_table(regclass) IS 'keep a full copy of a table on every node';

CREATE FUNCTION herd.undistribute_table(table_name regclass) RETURNS void
    AS 'MODULE_PATHNAME', 'herd_undistribute_table' LANGUAGE C;
COMMENT ON FUNCTION herd.undistribute_table(regclass) IS 'bring the rows of a distributed table back into a local table';

-- Raises what PostgreSQL does where a policy or view refuses a row. Statements on shards call it in place of a value. kind: PostgreSQL's
-- number of the kind of check.
CREATE FUNCTION herd.refuse_row(value anyelement, relation text, policy text, kind int) RETURNS anyelement
    AS 'MODULE_PATHNAME', 'herd_refuse_row' LANGUAGE C VOLATILE PARALLEL SAFE;
COMMENT ON FUNCTION herd.refuse_row(anyelement, text, text, int) IS 'internal: a policy refuses the row';

-- A task's condition that asks for a row by its place in the shard.
CREATE FUNCTION herd.is_at(place tid, wanted tid) RETURNS bool
    AS 'MODULE_PATHNAME', 'herd_is_at' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION herd.is_at(tid, tid) IS 'internal: is the row at this place?';
