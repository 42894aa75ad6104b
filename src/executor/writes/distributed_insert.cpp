#include "executor/writes/distributed_insert.h"

#include "catalog/metadata.h"
#include "executor/writes/insert_batch.h"
#include "executor/tasks/parameter_values.h"
#include "executor/writes/row_checks.h"
#include "executor/tasks/row_slots.h"
#include "executor/tasks/task_run.h"
#include "executor/writes/write_counts.h"
#include "plan/distributed_plan.h"
#include "postgres/entry.h"

extern "C" {
#include <executor/executor.h>
#include <miscadmin.h>
#include <utils/lsyscache.h>
#include <utils/tuplestore.h>
}

namespace herd::executor {

// Memory that waiting rows may take before the fullest batch is sent.
static const size_t kMaxBatchBytes = 256 * 1024;
static const size_t kMaxWaitingBytes = 16 * 1024 * 1024;

namespace {

struct DistributedInsertState {
    CustomScanState css;  // first
    plan::DistributedInsert insert;
    List* expression_states;
    Tuplestorestate* source;  // the subplan's rows: all of them before the first is written
    TupleTableSlot* source_slot;
    Tuplestorestate**
        returned;  // RETURNING rows per shard, in the order of those that were sent there; null where none came
    TupleTableSlot* returned_slot;
    BatchLayout* layout;
    ParamListInfo tail_parameters;
    MemoryContext* batch_contexts;  // per shard
    InsertBatch** batches;
    int shard_count;
    size_t waiting_bytes;
    uint64 affected;
    TaskReports* reports;
    bool done;
};

}  // namespace

static CustomScanMethods insert_methods;
static CustomExecMethods insert_exec_methods;

static Node* CreateState(CustomScan* node) {
    DistributedInsertState* state = (DistributedInsertState*)palloc0(sizeof(DistributedInsertState));
    NodeSetTag(state, T_CustomScanState);
    state->css.methods = &insert_exec_methods;
    state->insert = plan::ReadInsert(node->custom_private);
    return (Node*)state;
}

static void Begin(CustomScanState* node, EState* estate, int eflags) {
    DistributedInsertState* state = (DistributedInsertState*)node;
    CustomScan* plan = (CustomScan*)node->ss.ps.plan;
    Plan* source = (Plan*)linitial(plan->custom_plans);
    node->custom_ps = list_make1(ExecInitNode(source, estate, eflags));
    state->expression_states = ExecInitExprList(plan->custom_exprs, &node->ss.ps);
    state->returned_slot =
        ExecInitExtraTupleSlot(estate, node->ss.ss_ScanTupleSlot->tts_tupleDescriptor, &TTSOpsMinimalTuple);
}

// A statement doesn't see its own rows: all are read before the first is written.
static void ReadSource(DistributedInsertState* state) {
    PlanState* source = (PlanState*)linitial(state->css.custom_ps);
    state->source = tuplestore_begin_heap(false, false, work_mem);
    if (state->insert.has_returning) tuplestore_set_eflags(state->source, EXEC_FLAG_REWIND);
    for (;;) {
        CHECK_FOR_INTERRUPTS();
        TupleTableSlot* slot = ExecProcNode(source);
        if (TupIsNull(slot)) break;
        tuplestore_puttupleslot(state->source, slot);
    }
}

static void KeepReturned(DistributedInsertState* state, int shard, TupleTableSlot* row) {
    if (state->returned[shard] == nullptr) {
        MemoryContext caller = MemoryContextSwitchTo(state->css.ss.ps.state->es_query_cxt);
        state->returned[shard] = tuplestore_begin_heap(false, false, Max(work_mem / state->shard_count, 64));
        MemoryContextSwitchTo(caller);
    }
    tuplestore_puttupleslot(state->returned[shard], row);
}

static void SendBatch(DistributedInsertState* state, int shard) {
    InsertBatch* batch = state->batches[shard];
    if (batch == nullptr || batch->row_count == 0) return;
    MemoryContext caller = MemoryContextSwitchTo(state->batch_contexts[shard]);
    FragmentCall call = {};
    call.relid = state->insert.relid;
    call.sql = state->layout->sql;
    call.shard_indexes = &shard;
    call.shard_count = 1;
    call.parameters = BatchParameters(batch, state->layout, state->tail_parameters);
    TupleTableSlot* row = state->css.ss.ss_ScanTupleSlot;
    bool rows = state->insert.has_returning || state->insert.checks != NIL;
    call.row_desc = rows ? row->tts_tupleDescriptor : nullptr;
    call.writes = true;
    call.keep_statement = true;
    call.snapshot = state->css.ss.ps.state->es_snapshot;
    call.is_whole = tuplestore_tuple_count(state->source) == 1;
    call.reports = state->reports;
    TaskRun* run = BeginTaskRun(call);
    if (rows) {
        while (TaskRunNext(run, row)) {
            CheckNewRow(state->insert.checks, row);
            if (state->insert.has_returning) KeepReturned(state, shard, row);
        }
        ExecClearTuple(row);
    } else {
        FinishTaskRun(run);
    }
    state->affected += ReportOf(run).affected_rows;
    EndTaskRun(run);
    MemoryContextSwitchTo(caller);
    state->waiting_bytes -= batch->bytes;
    state->batches[shard] = nullptr;
    MemoryContextReset(state->batch_contexts[shard]);
}

static void SendFullest(DistributedInsertState* state) {
    int fullest = -1;
    for (int i = 0; i < state->shard_count; i++)
        if (state->batches[i] != nullptr && (fullest < 0 || state->batches[i]->bytes > state->batches[fullest]->bytes))
            fullest = i;
    if (fullest >= 0) SendBatch(state, fullest);
}

static int ShardOfRow(DistributedInsertState* state, const catalog::DistributedTable* table, TupleTableSlot* row) {
    if (table->is_reference()) return 0;
    int key = state->insert.key_column;
    if (key < 0) return catalog::ShardIndexOfValue(table, table->key_type, (Datum)0, true);
    return catalog::ShardIndexOfValue(table, table->key_type, row->tts_values[key], row->tts_isnull[key]);
}

static void RouteRow(DistributedInsertState* state, const catalog::DistributedTable* table, TupleTableSlot* row) {
    slot_getallattrs(row);
    int shard = ShardOfRow(state, table, row);
    MemoryContext caller = MemoryContextSwitchTo(state->batch_contexts[shard]);
    if (state->batches[shard] == nullptr) state->batches[shard] = MakeBatch(state->layout);
    InsertBatch* batch = state->batches[shard];
    size_t before = batch->bytes;
    AddToBatch(batch, state->layout, row->tts_values, row->tts_isnull);
    state->waiting_bytes += batch->bytes - before;
    MemoryContextSwitchTo(caller);
    if (batch->bytes >= kMaxBatchBytes)
        SendBatch(state, shard);
    else if (state->waiting_bytes >= kMaxWaitingBytes)
        SendFullest(state);
}

static void Prepare(DistributedInsertState* state, const catalog::DistributedTable* table) {
    PlanState* source = (PlanState*)linitial(state->css.custom_ps);
    state->layout = MakeBatchLayout(state->insert, ExecGetResultType(source));
    state->tail_parameters =
        EvaluateParameters(state->expression_states, state->insert.parameter_count, state->css.ss.ps.ps_ExprContext);
    state->shard_count = table->group->shard_count;
    state->batches = (InsertBatch**)palloc0(state->shard_count * sizeof(InsertBatch*));
    state->batch_contexts = (MemoryContext*)palloc0(state->shard_count * sizeof(MemoryContext));
    for (int i = 0; i < state->shard_count; i++)
        state->batch_contexts[i] =
            AllocSetContextCreate(CurrentMemoryContext, "herd insert batch", ALLOCSET_SMALL_SIZES);
    if (state->insert.has_returning)
        state->returned = (Tuplestorestate**)palloc0(state->shard_count * sizeof(Tuplestorestate*));
}

static void Run(DistributedInsertState* state) {
    MemoryContext caller = MemoryContextSwitchTo(state->css.ss.ps.state->es_query_cxt);
    const catalog::DistributedTable* table = catalog::GetTable(state->insert.relid);
    if (state->css.ss.ps.state->es_instrument != 0) state->reports = MakeTaskReports();
    ReadSource(state);
    Prepare(state, table);
    PlanState* source = (PlanState*)linitial(state->css.custom_ps);
    state->source_slot = MakeSingleTupleTableSlot(ExecGetResultType(source), &TTSOpsMinimalTuple);
    while (tuplestore_gettupleslot(state->source, true, false, state->source_slot)) {
        CHECK_FOR_INTERRUPTS();
        RouteRow(state, table, state->source_slot);
    }
    for (int i = 0; i < state->shard_count; i++) SendBatch(state, i);
    if (state->insert.has_returning) tuplestore_rescan(state->source);
    CountWrites(state->insert.relid, CMD_INSERT, state->affected);
    if (state->insert.can_set_tag) state->css.ss.ps.state->es_processed += state->affected;
    state->done = true;
    MemoryContextSwitchTo(caller);
}

// In the order of the source, as PostgreSQL returns them and clients expect it of the rows of VALUES. Where ON CONFLICT left rows out, those of
// one shard are in order.
static bool NextReturned(DistributedInsertState* state) {
    const catalog::DistributedTable* table = catalog::GetTable(state->insert.relid);
    while (tuplestore_gettupleslot(state->source, true, false, state->source_slot)) {
        slot_getallattrs(state->source_slot);
        Tuplestorestate* rows = state->returned[ShardOfRow(state, table, state->source_slot)];
        if (rows != nullptr && tuplestore_gettupleslot(rows, true, false, state->returned_slot)) return true;
    }
    return false;
}

static TupleTableSlot* Exec(CustomScanState* node) {
    DistributedInsertState* state = (DistributedInsertState*)node;
    if (!state->done) Run(state);
    TupleTableSlot* slot = node->ss.ss_ScanTupleSlot;
    ExecClearTuple(slot);
    if (!state->insert.has_returning || !NextReturned(state)) return slot;
    ShareRow(state->returned_slot, slot);
    if (node->ss.ps.ps_ProjInfo == nullptr) return slot;
    node->ss.ps.ps_ExprContext->ecxt_scantuple = slot;
    return ExecProject(node->ss.ps.ps_ProjInfo);
}

static void End(CustomScanState* node) {
    DistributedInsertState* state = (DistributedInsertState*)node;
    ExecEndNode((PlanState*)linitial(node->custom_ps));
    for (int i = 0; state->returned != nullptr && i < state->shard_count; i++)
        if (state->returned[i] != nullptr) tuplestore_end(state->returned[i]);
    if (state->source == nullptr) return;
    tuplestore_end(state->source);
    ExecDropSingleTupleTableSlot(state->source_slot);
}

const TaskReports* ReportsOfInsert(const CustomScanState* node) {
    return ((const DistributedInsertState*)node)->reports;
}

extern "C" {

static Node* HerdCreateInsertState(CustomScan* scan) {
    return postgres::Enter([&]() { return CreateState(scan); });
}
static void HerdBeginInsert(CustomScanState* node, EState* estate, int eflags) {
    postgres::Enter([&]() { Begin(node, estate, eflags); });
}
static TupleTableSlot* HerdExecInsert(CustomScanState* node) {
    return postgres::Enter([&]() { return Exec(node); });
}
static void HerdEndInsert(CustomScanState* node) {
    postgres::Enter([&]() { End(node); });
}
static void HerdReScanInsert(CustomScanState*) {
    postgres::Enter([&]() { elog(ERROR, "an INSERT can't be scanned again"); });
}

}  // extern "C"

void RegisterDistributedInsert(void (*explain)(CustomScanState*, List*, ExplainState*)) {
    insert_methods.CustomName = "HerdInsert";
    insert_methods.CreateCustomScanState = HerdCreateInsertState;
    insert_exec_methods.CustomName = "HerdInsert";
    insert_exec_methods.BeginCustomScan = HerdBeginInsert;
    insert_exec_methods.ExecCustomScan = HerdExecInsert;
    insert_exec_methods.EndCustomScan = HerdEndInsert;
    insert_exec_methods.ReScanCustomScan = HerdReScanInsert;
    insert_exec_methods.ExplainCustomScan = explain;
    RegisterCustomScanMethods(&insert_methods);
}

}  // namespace herd::executor
