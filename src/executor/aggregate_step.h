// A step of an aggregate that is described by its functions (plan/aggregate_definition.h): a call of a function, or an expression.
// Internal to described_aggregate.
#pragma once

#include "postgres/pg.h"

#include "plan/aggregate_definition.h"

extern "C" {
#include <fmgr.h>
#include <nodes/execnodes.h>
#include <nodes/params.h>
}

namespace herd::executor {

struct RunningStep {
    bool exists;
    bool is_strict;
    int argument_count;  // with the state
    int16 state_length;
    FmgrInfo function;
    ExprState* expression;  // null: the function
    ExprContext* evaluation;
    ParamListInfo parameters;
};

// What the step takes and gives.
struct StepTypes {
    Oid result;
    Oid arguments[FUNC_MAX_ARGS];  // the state first
    int argument_count;
    Oid collation;
};

// Raises unless the step takes and gives just that, and the user may call its function. Lives in the current context.
void SetUpStep(RunningStep* step, const plan::AggregateStep& definition, const StepTypes& types);

// The same for a function that this server's own catalog names: nobody's rights are asked for.
void SetUpFunctionStep(RunningStep* step, Oid function, const StepTypes& types);

[[noreturn]] void RaiseUnfit(const char* text);

// arguments: as many as the types said; `outer` is the call of the aggregate's own function.
NullableDatum RunStep(RunningStep* step, FunctionCallInfo outer, const NullableDatum* arguments);

}  // namespace herd::executor
