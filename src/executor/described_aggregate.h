// An aggregate as herd_state.run_aggregate() and herd_final.combine() are told of it. Internal to run_aggregate.cpp.
#pragma once

#include "postgres/pg.h"

#include "executor/aggregate_step.h"

namespace herd::executor {

struct DescribedAggregate {
    RunningStep transition;
    RunningStep output;
    FmgrInfo deserialize;  // of the argument; fn_oid is InvalidOid: none
    int16 state_length;
    bool state_by_value;
    NullableDatum initial;
};

// Of the call that is being computed. Raises unless its functions fit together and to the types of result and arguments, and the user may
// call them: anybody can call the aggregate with any definition. Functions of internal states only as some aggregate of this server
// combines them. Lives in the function's context, and is found again with the next call.
DescribedAggregate* DescribedAggregateOf(FunctionCallInfo fcinfo);

// What of it herd_final.combine() is told. Internal.
void SetUpCombinedAggregate(DescribedAggregate* aggregate, const Aggref* call);

}  // namespace herd::executor
