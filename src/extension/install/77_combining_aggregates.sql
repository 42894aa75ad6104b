-- The same for any aggregate of users and extensions that can be combined: the first argument is a NULL of the result's type.
CREATE FUNCTION herd_final.run_transition(state internal, result_type anyelement, aggregate oid, combined "any") RETURNS internal
    AS 'MODULE_PATHNAME', 'herd_run_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION herd_final.run_transition(internal, anyelement, oid, "any") IS 'internal: the transition of herd_final.combine()';
CREATE FUNCTION herd_final.run_output(state internal, result_type anyelement, aggregate oid, combined "any") RETURNS anyelement
    AS 'MODULE_PATHNAME', 'herd_run_output' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION herd_final.run_output(internal, anyelement, oid, "any") IS 'internal: the result of herd_final.combine()';
CREATE AGGREGATE herd_final.combine(result_type anyelement, aggregate oid, combined "any") (
    SFUNC = herd_final.run_transition, STYPE = internal, FINALFUNC = herd_final.run_output, FINALFUNC_EXTRA);
COMMENT ON AGGREGATE herd_final.combine(anyelement, oid, "any") IS 'an aggregate''s result from its states';
