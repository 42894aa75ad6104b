-- Aggregates whose argument is the state of another one: herd_final.avg_int8(state) is avg(bigint) of all rows whose states it is given.
-- PostgreSQL combines states only where it does nothing else in a grouping; these stand beside aggregates of rows.
CREATE SCHEMA herd_final;
COMMENT ON SCHEMA herd_final IS 'aggregates of states, used by Herd above partial results';

CREATE FUNCTION herd_final.combine_state(state internal, serialized bytea) RETURNS internal
    AS 'MODULE_PATHNAME', 'herd_combine_state' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION herd_final.combine_state(internal, bytea) IS 'internal: combines a state as the aggregate that it is called for says';

DO $$
DECLARE
    definition text;
BEGIN
    FOR definition IN
        SELECT CASE WHEN a.aggtranstype = 'pg_catalog.internal'::pg_catalog.regtype
                    THEN pg_catalog.format('CREATE AGGREGATE herd_final.%I(bytea) (SFUNC = herd_final.combine_state, STYPE = internal, SSPACE = %s,'
                                           ' FINALFUNC = %s, COMBINEFUNC = %s, SERIALFUNC = %s, DESERIALFUNC = %s, PARALLEL = safe)',
                                           names.name, a.aggtransspace, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn)
                    ELSE pg_catalog.format('CREATE AGGREGATE herd_final.%I(%s) (SFUNC = %s, STYPE = %2$s, COMBINEFUNC = %3$s%s%s, PARALLEL = safe)',
                                           names.name,
                                           pg_catalog.format_type(a.aggtranstype, NULL),
                                           a.aggcombinefn,
                                           CASE WHEN a.aggfinalfn <> 0 THEN pg_catalog.format(', FINALFUNC = %s', a.aggfinalfn) END,
                                           CASE WHEN a.agginitval IS NOT NULL THEN pg_catalog.format(', INITCOND = %L', a.agginitval) END)
               END
        FROM pg_catalog.pg_aggregate a
        JOIN pg_catalog.pg_proc f ON f.oid = a.aggfnoid
        CROSS JOIN LATERAL (
            SELECT pg_catalog.concat_ws('_', f.proname, pg_catalog.string_agg(t.typname, '_' ORDER BY types.position)) AS name
            FROM pg_catalog.unnest(f.proargtypes::pg_catalog.oid[]) WITH ORDINALITY AS types(type_id, position)
            JOIN pg_catalog.pg_type t ON t.oid = types.type_id
        ) names
        WHERE f.pronamespace = 'pg_catalog'::pg_catalog.regnamespace
          AND a.aggkind = 'n' AND a.aggcombinefn <> 0 AND NOT a.aggfinalextra
          AND a.aggtranstype <> 'pg_catalog.anyenum'::pg_catalog.regtype  -- PostgreSQL lets nobody else have such aggregates
          AND (a.aggtranstype <> 'pg_catalog.internal'::pg_catalog.regtype OR (a.aggserialfn <> 0 AND a.aggdeserialfn <> 0))
        ORDER BY a.aggfnoid
    LOOP
        EXECUTE definition;
    END LOOP;
END
$$;
