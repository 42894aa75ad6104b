-- Aggregates that return the state of another one, for nodes to begin what the coordinator finishes: herd_state.avg(bigint) is the state
-- of avg(bigint). Each built-in aggregate that can be combined, and whose result is not its state anyway, has one; internal states
-- are serialized.
CREATE SCHEMA herd_state;
COMMENT ON SCHEMA herd_state IS 'aggregates that return states, used by Herd between nodes';

DO $$
DECLARE
    definition text;
BEGIN
    FOR definition IN
        SELECT pg_catalog.format('CREATE AGGREGATE herd_state.%I(%s) (SFUNC = %s, STYPE = %s%s%s, PARALLEL = safe)',
                                 f.proname,
                                 pg_catalog.pg_get_function_arguments(f.oid),
                                 pg_catalog.format('%I.%I', sn.nspname, s.proname),
                                 pg_catalog.format_type(a.aggtranstype, NULL),
                                 CASE WHEN a.aggtranstype = 'pg_catalog.internal'::pg_catalog.regtype
                                      THEN pg_catalog.format(', SSPACE = %s, FINALFUNC = %s', a.aggtransspace, a.aggserialfn)
                                 END,
                                 CASE WHEN a.agginitval IS NOT NULL THEN pg_catalog.format(', INITCOND = %L', a.agginitval) END)
        FROM pg_catalog.pg_aggregate a
        JOIN pg_catalog.pg_proc f ON f.oid = a.aggfnoid
        JOIN pg_catalog.pg_proc s ON s.oid = a.aggtransfn
        JOIN pg_catalog.pg_namespace sn ON sn.oid = s.pronamespace
        WHERE f.pronamespace = 'pg_catalog'::pg_catalog.regnamespace
          AND a.aggkind = 'n' AND a.aggcombinefn <> 0
          AND CASE WHEN a.aggtranstype = 'pg_catalog.internal'::pg_catalog.regtype
                   THEN a.aggserialfn <> 0 AND a.aggdeserialfn <> 0
                   ELSE a.aggfinalfn <> 0 END
        ORDER BY a.aggfnoid
    LOOP
        EXECUTE definition;
    END LOOP;
END
$$;
