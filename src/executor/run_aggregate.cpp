// herd_state.run_aggregate(): an aggregate that this server doesn't have, by its functions. herd_final.combine(): one that it has, from its
// states. What nodeAgg.c does with an aggregate's transitions is done here with those of the one that is described.
#include "executor/described_aggregate.h"
#include "postgres/entry.h"

extern "C" {
#include <utils/datum.h>
#include <utils/expandeddatum.h>
#include <utils/memutils.h>
}

using namespace herd;
using executor::DescribedAggregate;
using executor::DescribedAggregateOf;

namespace {

struct State {
    NullableDatum value;
    bool has_begun;  // false: a strict transition waits for its first argument
};

// In the arguments of herd_run_transition().
constexpr int kFirstArgument = 3;

}  // namespace

static NullableDatum CopyInto(MemoryContext context, const DescribedAggregate* aggregate, NullableDatum value) {
    if (value.isnull) return value;
    MemoryContext previous = MemoryContextSwitchTo(context);
    NullableDatum copy = {datumCopy(value.value, aggregate->state_by_value, aggregate->state_length), false};
    MemoryContextSwitchTo(previous);
    return copy;
}

static State* BeginState(MemoryContext context, const DescribedAggregate* aggregate) {
    State* state = (State*)MemoryContextAlloc(context, sizeof(State));
    state->value = CopyInto(context, aggregate, aggregate->initial);
    state->has_begun = !aggregate->initial.isnull;
    return state;
}

static bool IsExpanded(const DescribedAggregate* aggregate, Datum value) {
    return DatumIsReadWriteExpandedObject(value, false, aggregate->state_length);
}

// As ExecAggTransReparent() does.
static void ReplaceValue(MemoryContext context, const DescribedAggregate* aggregate, State* state,
                         NullableDatum value) {
    NullableDatum old = state->value;
    if (aggregate->state_by_value || (!value.isnull && !old.isnull && value.value == old.value)) {
        state->value = value;
        return;
    }
    bool is_ours = !value.isnull && IsExpanded(aggregate, value.value) &&
                   MemoryContextGetParent(DatumGetEOHP(value.value)->eoh_context) == context;
    state->value = is_ours ? value : CopyInto(context, aggregate, value);
    if (old.isnull) return;
    if (IsExpanded(aggregate, old.value))
        DeleteExpandedObject(old.value);
    else
        pfree(DatumGetPointer(old.value));
}

// The function finds the aggregate's memory through the context of the call.
static NullableDatum Deserialize(FunctionCallInfo fcinfo, FmgrInfo* function, NullableDatum serialized) {
    if (serialized.isnull) return serialized;
    LOCAL_FCINFO(call, 2);
    InitFunctionCallInfoData(*call, function, 2, fcinfo->fncollation, fcinfo->context, nullptr);
    call->args[0] = serialized;
    call->args[1] = {(Datum)0, false};
    NullableDatum result = {FunctionCallInvoke(call), false};
    result.isnull = call->isnull;
    return result;
}

static bool HasNull(const NullableDatum* values, int count) {
    for (int i = 0; i < count; i++)
        if (values[i].isnull) return true;
    return false;
}

// The call's own arguments must stay as they are: with grouping sets they are there for several calls.
static void Advance(FunctionCallInfo fcinfo, MemoryContext context, DescribedAggregate* aggregate, State* state) {
    int argument_count = aggregate->transition.argument_count - 1;
    NullableDatum arguments[FUNC_MAX_ARGS];
    arguments[0] = state->value;
    for (int i = 0; i < argument_count; i++) arguments[i + 1] = fcinfo->args[kFirstArgument + i];
    if (OidIsValid(aggregate->deserialize.fn_oid))
        arguments[1] = Deserialize(fcinfo, &aggregate->deserialize, arguments[1]);
    if (aggregate->transition.is_strict) {
        if (HasNull(arguments + 1, argument_count)) return;
        if (!state->has_begun) {
            state->value = CopyInto(context, aggregate, arguments[1]);
            state->has_begun = true;
            return;
        }
        if (state->value.isnull) return;
    }
    NullableDatum result = executor::RunStep(&aggregate->transition, fcinfo, arguments);
    if (result.isnull) result.value = (Datum)0;
    ReplaceValue(context, aggregate, state, result);
}

HERD_FUNCTION(herd_run_transition) {
    MemoryContext context;
    if (!AggCheckCallContext(fcinfo, &context)) elog(ERROR, "run_transition() was not called by an aggregate");
    DescribedAggregate* aggregate = DescribedAggregateOf(fcinfo);
    State* state = PG_ARGISNULL(0) ? BeginState(context, aggregate) : (State*)PG_GETARG_POINTER(0);
    Advance(fcinfo, context, aggregate, state);
    PG_RETURN_POINTER(state);
}

HERD_FUNCTION(herd_run_output) {
    if (!AggCheckCallContext(fcinfo, nullptr)) elog(ERROR, "run_output() was not called by an aggregate");
    DescribedAggregate* aggregate = DescribedAggregateOf(fcinfo);
    NullableDatum value = PG_ARGISNULL(0) ? aggregate->initial : ((State*)PG_GETARG_POINTER(0))->value;
    if (!value.isnull) value.value = MakeExpandedObjectReadOnly(value.value, value.isnull, aggregate->state_length);
    executor::RunningStep* output = &aggregate->output;
    if (output->exists && output->is_strict && (value.isnull || output->argument_count > 1)) PG_RETURN_NULL();
    if (output->exists) {
        NullableDatum arguments[FUNC_MAX_ARGS];
        arguments[0] = value;
        for (int i = 1; i < output->argument_count; i++) arguments[i] = {(Datum)0, true};
        value = executor::RunStep(output, fcinfo, arguments);
    }
    fcinfo->isnull = value.isnull;
    return value.value;
}
