-- An aggregate that the node doesn't have, by what it is made of. definition is what herd_state.definition_of() said of it on
-- the coordinator; the first argument is a NULL of the result's type, the others are the aggregate's own.
CREATE FUNCTION herd_state.run_transition(state internal, result_type anyelement, definition text[]) RETURNS internal
    AS 'MODULE_PATHNAME', 'herd_run_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION herd_state.run_transition(state internal, result_type anyelement, definition text[], VARIADIC arguments "any") RETURNS internal
    AS 'MODULE_PATHNAME', 'herd_run_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION herd_state.run_output(state internal, result_type anyelement, definition text[]) RETURNS anyelement
    AS 'MODULE_PATHNAME', 'herd_run_output' LANGUAGE C IMMUTABLE PARALLEL SAFE;
CREATE FUNCTION herd_state.run_output(state internal, result_type anyelement, definition text[], VARIADIC arguments "any") RETURNS anyelement
    AS 'MODULE_PATHNAME', 'herd_run_output' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE herd_state.run_aggregate(result_type anyelement, definition text[]) (
    SFUNC = herd_state.run_transition, STYPE = internal, FINALFUNC = herd_state.run_output, FINALFUNC_EXTRA, PARALLEL = safe);
CREATE AGGREGATE herd_state.run_aggregate(result_type anyelement, definition text[], VARIADIC arguments "any") (
    SFUNC = herd_state.run_transition, STYPE = internal, FINALFUNC = herd_state.run_output, FINALFUNC_EXTRA, PARALLEL = safe);

COMMENT ON FUNCTION herd_state.run_transition(internal, anyelement, text[]) IS 'internal: the transition of herd_state.run_aggregate()';
COMMENT ON FUNCTION herd_state.run_transition(internal, anyelement, text[], "any") IS 'internal: the transition of herd_state.run_aggregate()';
COMMENT ON FUNCTION herd_state.run_output(internal, anyelement, text[]) IS 'internal: the result of herd_state.run_aggregate()';
COMMENT ON FUNCTION herd_state.run_output(internal, anyelement, text[], "any") IS 'internal: the result of herd_state.run_aggregate()';
COMMENT ON AGGREGATE herd_state.run_aggregate(anyelement, text[]) IS 'an aggregate that the node does not have, by its functions';
COMMENT ON AGGREGATE herd_state.run_aggregate(anyelement, text[], "any") IS 'an aggregate that the node does not have, by its functions';

CREATE FUNCTION herd_state.definition_of(aggregate oid, state_type oid, only_state boolean, transition text, output text) RETURNS text[]
    AS 'MODULE_PATHNAME', 'herd_definition_of' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION herd_state.definition_of(oid, oid, boolean, text, text) IS
    'internal: what nodes must know of an aggregate, for those who may call it; only_state: to compute its state; the texts: expressions that stand for its functions';
