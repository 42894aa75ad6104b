#include "executor/scans/scan_runs.h"

#include "catalog/metadata.h"
#include "executor/tasks/parameter_values.h"
#include "executor/writes/row_place.h"
#include "executor/scans/shard_choice.h"
#include "executor/snapshots/snapshot_agreement.h"
#include "executor/writes/whole_transaction.h"

extern "C" {
#include <executor/executor.h>
#include <nodes/nodeFuncs.h>
#include <utils/memutils.h>
}

namespace herd::executor {

using plan::DistributedScan;
using plan::Pruning;

// Where the cursor is; a row of another table is none.
static ShardChoice ShardOfCurrentRow(DistributedScanState* state, ParamListInfo parameters, ExprContext* econtext) {
    const DistributedScan& scan = state->scan;
    List* expressions = ((CustomScan*)state->css.ss.ps.plan)->custom_exprs;
    CurrentOfExpr* cursor = (CurrentOfExpr*)list_nth(expressions, scan.parameter_count);
    ItemPointerData packed;
    ItemPointerSetInvalid(&packed);
    if (!execCurrentOf(cursor, econtext, scan.relid, &packed)) return {nullptr, 0};
    if (!ItemPointerIsValid(&packed))
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("WHERE CURRENT OF is not supported for a cursor that does not lock its rows"),
                        errdetail("Only then the cursor knows from which shard its row came."),
                        errhint("Declare the cursor with FOR UPDATE.")));
    RowPlace* place = (RowPlace*)palloc(sizeof(RowPlace));
    *place = UnpackRowPlace(catalog::GetTable(scan.relid)->group, packed);
    ParamExternData* parameter = &parameters->params[scan.key_parameter - 1];
    parameter->value = PointerGetDatum(&place->ctid);
    parameter->isnull = false;
    return {&place->shard_index, 1};
}

static ShardChoice ShardsOf(DistributedScanState* state, ParamListInfo parameters, ExprContext* econtext) {
    const DistributedScan& scan = state->scan;
    if (scan.pruning == Pruning::kByCursor) return ShardOfCurrentRow(state, parameters, econtext);
    if (scan.pruning == Pruning::kByParameter) {
        const ParamExternData& key = parameters->params[scan.key_parameter - 1];
        return ChooseShards(scan, key.ptype, key.value, key.isnull);
    }
    if (scan.pruning == Pruning::kAllShards || scan.pruning == Pruning::kNullKey)
        return ChooseShards(scan, InvalidOid, (Datum)0, true);
    ExprState* key_state = (ExprState*)list_nth(state->expression_states, scan.parameter_count);
    bool is_null;
    Datum key = ExecEvalExpr(key_state, econtext, &is_null);
    return ChooseShards(scan, exprType((Node*)key_state->expr), key, is_null);
}

TaskReports* ReportsOf(DistributedScanState* state) {
    EState* estate = state->css.ss.ps.state;
    if (state->reports != nullptr || estate->es_instrument == 0) return state->reports;
    MemoryContext caller = MemoryContextSwitchTo(estate->es_query_cxt);
    state->reports = MakeTaskReports();
    MemoryContextSwitchTo(caller);
    return state->reports;
}

void StartRun(DistributedScanState* state) {
    MemoryContext caller = MemoryContextSwitchTo(state->run_context);
    ExprContext* econtext = state->css.ss.ps.ps_ExprContext;
    ParamListInfo parameters = EvaluateParameters(state->expression_states, state->scan.parameter_count, econtext);
    if (state->broadcasts != nullptr) PutBatch(state->broadcasts, parameters);
    int limit_parameter = state->scan.first_rows.limit_parameter;
    if (limit_parameter > 0) parameters->params[limit_parameter - 1].value = Int64GetDatum(state->row_limit);
    ShardChoice shards = ShardsOf(state, parameters, econtext);
    FragmentCall call = {};
    call.relid = state->scan.relid;
    call.sql = state->scan.sql;
    call.shard_indexes = shards.indexes;
    call.shard_count = shards.count;
    call.parameters = parameters;
    bool rows = state->scan.command == CMD_SELECT || state->scan.has_returning || state->scan.checks != NIL;
    call.row_desc = rows ? state->row_desc : nullptr;
    call.writes = state->scan.writes;
    call.whole_transaction = state->scan.writes && state->scan.checks == NIL && IsWholeTransaction(&state->css.ss.ps);
    call.locks_rows = state->scan.locks_rows;
    call.keep_statement = state->scan.single_shard;
    call.has_one_row = state->scan.has_one_row;
    call.snapshot = state->css.ss.ps.state->es_snapshot;
    call.is_whole = state->is_whole_statement;
    call.agrees = AgreesWithTasks(call.snapshot);
    call.order = state->scan.order;
    call.reports = ReportsOf(state);
    call.gathered_before = state->report.bytes;
    state->shard_count = shards.count;
    state->run = BeginTaskRun(call);
    MemoryContextSwitchTo(caller);
}

TaskRunReport ReportSoFar(DistributedScanState* state) {
    TaskRunReport sum = state->report;
    if (state->run == nullptr) return sum;
    if (state->reports != nullptr && state->reports->wants_plans) ReportEndedTasks(state->run);
    TaskRunReport report = ReportOf(state->run);
    sum.task_count += report.task_count;
    sum.affected_rows += report.affected_rows;
    sum.bytes += ReceivedBytes(state->run);
    return sum;
}

static void AddReport(DistributedScanState* state) {
    TaskRunReport report = ReportOf(state->run);
    state->report.task_count += report.task_count;
    state->report.remote_tasks += report.remote_tasks;
    state->report.affected_rows += report.affected_rows;
    state->report.bytes += report.bytes;
}

void StopRun(DistributedScanState* state) {
    if (state->run == nullptr) return;
    AddReport(state);
    EndTaskRun(state->run);
    state->run = nullptr;
}

bool StartFirstRun(DistributedScanState* state) {
    if (state->broadcasts != nullptr && !NextBatch(state->broadcasts)) return false;
    StartRun(state);
    return true;
}

bool StartRunOfNextBatch(DistributedScanState* state) {
    if (state->broadcasts == nullptr) return false;
    StopRun(state);
    if (!NextBatch(state->broadcasts)) return false;
    MemoryContextReset(state->run_context);
    StartRun(state);
    return true;
}

bool ShardsOfScan(DistributedScanState* state, int** indexes, int* count) {
    ExprContext* econtext = state->css.ss.ps.ps_ExprContext;
    const DistributedScan& scan = state->scan;
    if (scan.pruning == Pruning::kByParameter || scan.pruning == Pruning::kByCursor) return false;
    if (scan.pruning == Pruning::kByKey || scan.pruning == Pruning::kByKeyArray) {
        ExprState* key = (ExprState*)list_nth(state->expression_states, scan.parameter_count);
        // A generic plan's parameter has no value yet.
        if (!IsA(key->expr, Const) && econtext->ecxt_param_list_info == nullptr) return false;
        if (!IsA(key->expr, Const) && !(IsA(key->expr, Param) && ((Param*)key->expr)->paramkind == PARAM_EXTERN))
            return false;
    }
    ShardChoice choice = ShardsOf(state, nullptr, econtext);
    *indexes = choice.indexes;
    *count = choice.count;
    return true;
}

}  // namespace herd::executor
