// herd_state.definition_of(): what nodes must know of an aggregate, at the moment when a statement starts. Whoever hides a call of the
// aggregate in a task's text asks for it, so here is also checked what PostgreSQL checks for aggregates in a plan.
#include "catalog/extensions.h"
#include "executor/aggregate_rights.h"
#include "plan/aggregate_definition.h"
#include "postgres/entry.h"

extern "C" {
#include <access/htup_details.h>
#include <access/transam.h>
#include <catalog/pg_aggregate.h>
#include <catalog/pg_proc.h>
#include <catalog/pg_type.h>
#include <fmgr.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
#include <utils/regproc.h>
#include <utils/syscache.h>
}

using namespace herd;

static const char* InitialValue(HeapTuple tuple) {
    bool isnull;
    Datum value = SysCacheGetAttr(AGGFNOID, tuple, Anum_pg_aggregate_agginitval, &isnull);
    return isnull ? nullptr : TextDatumGetCString(value);
}

static plan::AggregateStep StepOf(Oid aggregate, Oid function, const char* expression) {
    plan::AggregateStep step;
    if (!OidIsValid(function)) return step;
    executor::CheckOwnerMayCall(aggregate, function);
    step.is_expression = expression != nullptr;
    step.is_strict = step.is_expression && func_strict(function);
    step.text = step.is_expression ? expression : format_procedure_qualified(function);
    if (!step.is_expression && function >= FirstNormalObjectId) {
        const catalog::Extension* extension = catalog::ExtensionOf(ProcedureRelationId, function);
        step.extension = extension == nullptr ? nullptr : catalog::NameWithVersion(*extension);
    }
    return step;
}

static plan::AggregateDefinition DefinitionOf(Oid aggregate, Oid state_type, bool only_state, const char* transition,
                                              const char* output) {
    HeapTuple tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(aggregate));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for aggregate %u", aggregate);
    Form_pg_aggregate form = (Form_pg_aggregate)GETSTRUCT(tuple);
    executor::CheckMayCallAggregate(aggregate);
    Oid last = form->aggfinalfn;
    if (only_state) last = form->aggtranstype == INTERNALOID ? form->aggserialfn : InvalidOid;
    plan::AggregateDefinition definition;
    definition.state_type = format_type_be_qualified(state_type);
    definition.initial_value = InitialValue(tuple);
    definition.transition = StepOf(aggregate, form->aggtransfn, transition);
    definition.output = StepOf(aggregate, last, output);
    definition.output.takes_arguments = !only_state && form->aggfinalextra;
    ReleaseSysCache(tuple);
    return definition;
}

static const char* TextArgument(FunctionCallInfo fcinfo, int number) {
    return PG_ARGISNULL(number) ? nullptr : text_to_cstring(PG_GETARG_TEXT_PP(number));
}

HERD_FUNCTION(herd_definition_of) {
    if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2)) PG_RETURN_NULL();
    PG_RETURN_ARRAYTYPE_P(WriteAggregateDefinition(DefinitionOf(PG_GETARG_OID(0), PG_GETARG_OID(1), PG_GETARG_BOOL(2),
                                                                TextArgument(fcinfo, 3), TextArgument(fcinfo, 4))));
}
