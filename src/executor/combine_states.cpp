// herd_final.combine_state(): the transition of aggregates whose rows are serialized states. Which states they are, says the aggregate: its
// own functions to deserialize and combine them are those of the aggregate that they come from.
#include "postgres/entry.h"

extern "C" {
#include <access/htup_details.h>
#include <catalog/pg_aggregate.h>
#include <fmgr.h>
#include <utils/syscache.h>
}

using namespace herd;

namespace {

struct StateFunctions {
    FmgrInfo deserialize;
    FmgrInfo combine;
};

}  // namespace

static StateFunctions* FunctionsOf(FunctionCallInfo fcinfo) {
    if (fcinfo->flinfo->fn_extra != nullptr) return (StateFunctions*)fcinfo->flinfo->fn_extra;
    const Aggref* aggregate = AggGetAggref(fcinfo);
    if (aggregate == nullptr) elog(ERROR, "states are combined in aggregates only");
    HeapTuple tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(aggregate->aggfnoid));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for aggregate %u", aggregate->aggfnoid);
    Form_pg_aggregate form = (Form_pg_aggregate)GETSTRUCT(tuple);
    StateFunctions* functions =
        (StateFunctions*)MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(StateFunctions));
    fmgr_info_cxt(form->aggdeserialfn, &functions->deserialize, fcinfo->flinfo->fn_mcxt);
    fmgr_info_cxt(form->aggcombinefn, &functions->combine, fcinfo->flinfo->fn_mcxt);
    ReleaseSysCache(tuple);
    fcinfo->flinfo->fn_extra = functions;
    return functions;
}

// They find the aggregate's memory through the context of the call.
static NullableDatum Call(FunctionCallInfo outer, FmgrInfo* function, NullableDatum first, NullableDatum second) {
    LOCAL_FCINFO(inner, 2);
    InitFunctionCallInfoData(*inner, function, 2, outer->fncollation, outer->context, nullptr);
    inner->args[0] = first;
    inner->args[1] = second;
    NullableDatum result = {FunctionCallInvoke(inner), false};
    result.isnull = inner->isnull;
    return result;
}

HERD_FUNCTION(herd_combine_state) {
    StateFunctions* functions = FunctionsOf(fcinfo);
    NullableDatum state = fcinfo->args[0];
    if (!PG_ARGISNULL(1)) {
        NullableDatum other = Call(fcinfo, &functions->deserialize, fcinfo->args[1], NullableDatum{(Datum)0, false});
        state = Call(fcinfo, &functions->combine, state, other);
    }
    fcinfo->isnull = state.isnull;
    return state.value;
}
