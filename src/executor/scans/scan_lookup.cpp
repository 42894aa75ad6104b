#include "executor/scans/scan_lookup.h"

#include "executor/tasks/parameter_values.h"
#include "executor/scans/scan_runs.h"
#include "executor/scans/shard_choice.h"
#include "postgres/walk.h"

extern "C" {
#include <executor/executor.h>
}

namespace herd::executor {

using plan::DistributedScan;
using plan::Pruning;

// So many single requests are cheaper than fetching everything once.
static const int kRunsBeforeLookup = 4;

// The lookup's expressions: its SQL's parameters, then the value.
static List* LookupExpressions(DistributedScanState* state) {
    int count = state->scan.lookup.parameter_count + 1;
    return list_copy_tail(state->expression_states, list_length(state->expression_states) - count);
}

static TaskRun* StartLookupRun(DistributedScanState* state) {
    const plan::LookupPlan& lookup = state->scan.lookup;
    ExprContext* econtext = state->css.ss.ps.ps_ExprContext;
    DistributedScan all_values = state->scan;
    all_values.pruning = Pruning::kAllShards;
    ShardChoice shards = ChooseShards(all_values, InvalidOid, (Datum)0, true);
    FragmentCall call = {};
    call.relid = state->scan.relid;
    call.sql = lookup.sql;
    call.shard_indexes = shards.indexes;
    call.shard_count = shards.count;
    call.parameters = EvaluateParameters(LookupExpressions(state), lookup.parameter_count, econtext);
    call.row_desc = state->row_desc;
    call.snapshot = state->css.ss.ps.state->es_snapshot;
    call.reports = ReportsOf(state);
    call.gathered_before = state->report.bytes;
    return BeginTaskRun(call);
}

static void BuildLookup(DistributedScanState* state) {
    const plan::LookupPlan& lookup = state->scan.lookup;
    MemoryContext caller = MemoryContextSwitchTo(state->run_context);
    TaskRun* run = StartLookupRun(state);
    LookupColumn column = {lookup.column, lookup.operator_id, lookup.column_is_left, lookup.collation};
    state->lookup = BuildRowLookup(run, state->row_desc, column, state->css.ss.ps.state->es_query_cxt);
    state->run = run;
    StopRun(state);
    MemoryContextSwitchTo(caller);
}

bool LooksUp(DistributedScanState* state) {
    if (state->scan.lookup.sql.text == nullptr) return false;
    if (++state->run_count <= kRunsBeforeLookup) return false;
    if (state->lookup == nullptr) BuildLookup(state);
    bool is_null;
    ExprState* value_state = (ExprState*)llast(state->expression_states);
    Datum value = ExecEvalExpr(value_state, state->css.ss.ps.ps_ExprContext, &is_null);
    FindRows(state->lookup, value, is_null);
    state->lookup_count++;
    return true;
}

static bool ParamWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    Bitmapset** params = (Bitmapset**)context;
    if (IsA(node, Param) && ((Param*)node)->paramkind == PARAM_EXEC)
        *params = bms_add_member(*params, ((Param*)node)->paramid);
    return postgres::WalkExpression(node, ParamWalker, context);
}

bool IsLookupStale(DistributedScanState* state) {
    if (state->lookup == nullptr || state->css.ss.ps.chgParam == nullptr) return false;
    List* expressions = ((CustomScan*)state->css.ss.ps.plan)->custom_exprs;
    int value = list_length(expressions) - 1;
    Bitmapset* params = nullptr;
    for (int i = value - state->scan.lookup.parameter_count; i < value; i++)
        ParamWalker((Node*)list_nth(expressions, i), &params);
    return bms_overlap(params, state->css.ss.ps.chgParam);
}

void EndLookup(DistributedScanState* state) {
    if (state->lookup != nullptr) EndRowLookup(state->lookup);
    state->lookup = nullptr;
}

}  // namespace herd::executor
