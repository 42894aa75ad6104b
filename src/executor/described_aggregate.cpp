#include "executor/described_aggregate.h"

#include "catalog/user_code.h"
#include "plan/aggregate_definition.h"

extern "C" {
#include <access/genam.h>
#include <access/htup_details.h>
#include <access/table.h>
#include <access/transam.h>
#include <catalog/pg_aggregate.h>
#include <catalog/pg_proc.h>
#include <catalog/pg_type.h>
#include <miscadmin.h>
#include <nodes/nodeFuncs.h>
#include <parser/parse_agg.h>
#include <parser/parse_coerce.h>
#include <parser/parse_type.h>
#include <utils/acl.h>
#include <utils/builtins.h>
#include <utils/datum.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
#include <utils/syscache.h>
}

namespace herd::executor {

using plan::AggregateDefinition;

namespace {

// The call's own arguments come behind the result's type and the definition.
constexpr int kFirstArgument = 2;

struct CallTypes {
    Oid result;
    Oid state;
    StepTypes transition;
};

}  // namespace

// ---- the call ----

static const Aggref* CallOf(FunctionCallInfo fcinfo) {
    const Aggref* call = AggGetAggref(fcinfo);
    if (call == nullptr)
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("a described aggregate can't be used as a window function")));
    return call;
}

// The same for all rows, also where there are none: a constant or a parameter.
static AggregateDefinition ReadDefinition(FunctionCallInfo fcinfo, const Aggref* call) {
    Node* argument = (Node*)lsecond_node(TargetEntry, call->args)->expr;
    NullableDatum value = {(Datum)0, true};
    if (IsA(argument, Const)) {
        value = {((Const*)argument)->constvalue, ((Const*)argument)->constisnull};
    } else if (IsA(argument, Param) && ((Param*)argument)->paramkind == PARAM_EXTERN) {
        ParamListInfo params = ((AggState*)fcinfo->context)->ss.ps.state->es_param_list_info;
        int id = ((Param*)argument)->paramid;
        if (params != nullptr && id <= params->numParams) {
            ParamExternData workspace;
            const ParamExternData* param = params->paramFetch != nullptr
                                               ? params->paramFetch(params, id, false, &workspace)
                                               : &params->params[id - 1];
            if (param->ptype == TEXTARRAYOID) value = {param->value, param->isnull};
        }
    }
    if (value.isnull)
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("the definition of an aggregate must be a constant or a parameter")));
    return plan::ReadAggregateDefinition(DatumGetArrayTypeP(value.value));
}

static CallTypes TypesOf(FunctionCallInfo fcinfo, const Aggref* call, const AggregateDefinition& definition) {
    CallTypes types = {};
    types.result = linitial_oid(call->aggargtypes);
    int32 typmod;
    parseTypeString(definition.state_type, &types.state, &typmod, false);
    StepTypes* transition = &types.transition;
    transition->result = transition->arguments[0] = types.state;
    transition->argument_count = 1;
    transition->collation = fcinfo->fncollation;
    ListCell* cell;
    for_each_from(cell, call->aggargtypes, kFirstArgument) transition->arguments[transition->argument_count++] =
        lfirst_oid(cell);
    return types;
}

// ---- its steps ----

// Only superusers make aggregates of internal states, so what one does is safe. (Any other combination could take one structure in
// memory for another.)
static bool IsSafePair(Oid transition, Oid output) {
    Relation aggregates = table_open(AggregateRelationId, AccessShareLock);
    SysScanDesc scan = systable_beginscan(aggregates, InvalidOid, false, nullptr, 0, nullptr);
    bool found = false;
    for (HeapTuple tuple = systable_getnext(scan); HeapTupleIsValid(tuple) && !found; tuple = systable_getnext(scan)) {
        Form_pg_aggregate form = (Form_pg_aggregate)GETSTRUCT(tuple);
        found = form->aggkind == AGGKIND_NORMAL && form->aggtransfn == transition &&
                form->aggtranstype == INTERNALOID && (form->aggfinalfn == output || form->aggserialfn == output);
    }
    systable_endscan(scan);
    table_close(aggregates, AccessShareLock);
    return found;
}

static void SetUpTransition(DescribedAggregate* aggregate, const AggregateDefinition& definition,
                            const CallTypes& types) {
    SetUpStep(&aggregate->transition, definition.transition, types.transition);
    if (!aggregate->transition.is_strict || definition.initial_value != nullptr) return;
    // The first argument becomes the state.
    bool fits = types.state != INTERNALOID && types.transition.argument_count > 1 &&
                IsBinaryCoercible(types.transition.arguments[1], types.state);
    if (!fits) RaiseUnfit(definition.transition.text);
}

static void SetUpOutput(DescribedAggregate* aggregate, const AggregateDefinition& definition, const CallTypes& types) {
    bool is_internal = types.state == INTERNALOID;
    if (definition.output.text == nullptr) {
        if (is_internal || types.result != types.state) RaiseUnfit(definition.transition.text);
        return;
    }
    StepTypes output = types.transition;
    output.result = types.result;
    if (!definition.output.takes_arguments) output.argument_count = 1;
    SetUpStep(&aggregate->output, definition.output, output);
    if (is_internal && !IsSafePair(aggregate->transition.function.fn_oid, aggregate->output.function.fn_oid))
        RaiseUnfit(definition.output.text);
}

// A type whose input runs somebody's code is nothing that Herd sends.
static void SetUpState(DescribedAggregate* aggregate, const AggregateDefinition& definition, const CallTypes& types) {
    bool is_internal = types.state == INTERNALOID;
    if (!is_internal && (get_typtype(types.state) == TYPTYPE_PSEUDO || !catalog::IsTrustedType(types.state)))
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("a state can't be of type %s", format_type_be(types.state))));
    get_typlenbyval(types.state, &aggregate->state_length, &aggregate->state_by_value);
    aggregate->initial = {(Datum)0, true};
    if (definition.initial_value == nullptr) return;
    if (is_internal) RaiseUnfit(definition.transition.text);
    Oid input, parameter;
    getTypeInputInfo(types.state, &input, &parameter);
    aggregate->initial.value = OidInputFunctionCall(input, pstrdup(definition.initial_value), parameter, -1);
    aggregate->initial.isnull = false;
}

static void SetUpByDefinition(DescribedAggregate* aggregate, FunctionCallInfo fcinfo, const Aggref* call) {
    AggregateDefinition definition = ReadDefinition(fcinfo, call);
    CallTypes types = TypesOf(fcinfo, call, definition);
    SetUpState(aggregate, definition, types);
    SetUpTransition(aggregate, definition, types);
    SetUpOutput(aggregate, definition, types);
}

DescribedAggregate* DescribedAggregateOf(FunctionCallInfo fcinfo) {
    if (fcinfo->flinfo->fn_extra != nullptr) return (DescribedAggregate*)fcinfo->flinfo->fn_extra;
    const Aggref* call = CallOf(fcinfo);
    MemoryContext previous = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
    DescribedAggregate* aggregate = (DescribedAggregate*)palloc0(sizeof(DescribedAggregate));
    if (lsecond_oid(call->aggargtypes) == OIDOID)
        SetUpCombinedAggregate(aggregate, call);
    else
        SetUpByDefinition(aggregate, fcinfo, call);
    MemoryContextSwitchTo(previous);
    fcinfo->flinfo->fn_extra = aggregate;
    return aggregate;
}

}  // namespace herd::executor
