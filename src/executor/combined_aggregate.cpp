// herd_final.combine(): an aggregate's result from its states. The functions are those of the aggregate of this server, which it names.
#include "executor/aggregate_rights.h"
#include "executor/described_aggregate.h"

extern "C" {
#include <access/htup_details.h>
#include <catalog/pg_aggregate.h>
#include <catalog/pg_type.h>
#include <fmgr.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
#include <utils/syscache.h>
}

namespace herd::executor {

namespace {

// Of the arguments: the result's type, the aggregate, the state.
constexpr int kAggregate = 1;
constexpr int kState = 2;

}  // namespace

static Oid AggregateOf(const Aggref* call) {
    const Const* value = (const Const*)list_nth_node(TargetEntry, call->args, kAggregate)->expr;
    if (!IsA(value, Const) || value->constisnull)
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("the aggregate must be a constant")));
    return DatumGetObjectId(value->constvalue);
}

static void SetUpCombining(DescribedAggregate* aggregate, Oid id, const FormData_pg_aggregate& form, Oid state_type,
                           const Aggref* call) {
    Oid expected = state_type == INTERNALOID ? BYTEAOID : state_type;
    if (!OidIsValid(form.aggcombinefn) || list_nth_oid(call->aggargtypes, kState) != expected)
        RaiseUnfit(get_func_name(id));
    CheckOwnerMayCall(id, form.aggcombinefn);
    SetUpFunctionStep(&aggregate->transition, form.aggcombinefn,
                      {state_type, {state_type, state_type}, 2, call->inputcollid});
    if (state_type != INTERNALOID) return;
    CheckOwnerMayCall(id, form.aggdeserialfn);
    fmgr_info(form.aggdeserialfn, &aggregate->deserialize);
}

static void SetUpResult(DescribedAggregate* aggregate, Oid id, const FormData_pg_aggregate& form, Oid state_type,
                        const Aggref* call) {
    Oid result = linitial_oid(call->aggargtypes);
    if (!OidIsValid(form.aggfinalfn)) {
        if (result != state_type) RaiseUnfit(get_func_name(id));
        return;
    }
    CheckOwnerMayCall(id, form.aggfinalfn);
    SetUpFunctionStep(&aggregate->output, form.aggfinalfn, {result, {state_type}, 1, call->inputcollid});
}

static void SetUpInitialValue(DescribedAggregate* aggregate, HeapTuple tuple, Oid state_type) {
    get_typlenbyval(state_type, &aggregate->state_length, &aggregate->state_by_value);
    Datum initial = SysCacheGetAttr(AGGFNOID, tuple, Anum_pg_aggregate_agginitval, &aggregate->initial.isnull);
    if (aggregate->initial.isnull) return;
    Oid input, parameter;
    getTypeInputInfo(state_type, &input, &parameter);
    aggregate->initial.value = OidInputFunctionCall(input, TextDatumGetCString(initial), parameter, -1);
}

void SetUpCombinedAggregate(DescribedAggregate* aggregate, const Aggref* call) {
    Oid id = AggregateOf(call);
    CheckMayCallAggregate(id);
    HeapTuple tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(id));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for aggregate %u", id);
    const FormData_pg_aggregate& form = *(Form_pg_aggregate)GETSTRUCT(tuple);
    // A polymorphic one's is that of the states.
    Oid state_type = IsPolymorphicType(form.aggtranstype) ? list_nth_oid(call->aggargtypes, kState) : form.aggtranstype;
    SetUpInitialValue(aggregate, tuple, state_type);
    SetUpCombining(aggregate, id, form, state_type, call);
    SetUpResult(aggregate, id, form, state_type, call);
    ReleaseSysCache(tuple);
}

}  // namespace herd::executor
