-- Where a value lives. NULL keys live in the shard of hash 0, so these functions are not strict.

CREATE FUNCTION herd.hash(value anyelement) RETURNS bigint
    AS 'MODULE_PATHNAME', 'herd_hash' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION herd.hash(anyelement) IS
    'place of a distribution key on the hash ring, 0 to 4294967295';

CREATE FUNCTION herd.get_shard_id(table_name regclass, value anyelement) RETURNS bigint
    AS 'MODULE_PATHNAME', 'herd_get_shard_id' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION herd.get_shard_id(regclass, anyelement) IS
    'shard that holds the rows whose distribution column has this value';
