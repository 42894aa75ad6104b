#include "executor/distributed_scan.h"

#include "executor/cursor_snapshots.h"
#include "executor/parameter_values.h"
#include "executor/row_checks.h"
#include "executor/row_slots.h"
#include "executor/shard_choice.h"
#include "executor/whole_transaction.h"
#include "postgres/entry.h"
#include "postgres/walk.h"

extern "C" {
#include <access/tupdesc.h>
#include <executor/executor.h>
#include <miscadmin.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <tcop/pquery.h>
#include <utils/lsyscache.h>
#include <utils/portal.h>
#include <utils/rel.h>
}

namespace herd::executor {

using plan::DistributedScan;
using plan::Pruning;

static CustomScanMethods router_methods;
static CustomScanMethods gather_methods;
static CustomScanMethods modify_methods;
static CustomExecMethods router_exec_methods;
static CustomExecMethods gather_exec_methods;
static CustomExecMethods modify_exec_methods;

bool IsDistributedScan(const CustomScan* scan) {
    return scan->methods == &router_methods || scan->methods == &gather_methods || scan->methods == &modify_methods;
}

static bool IsBaseScan(const DistributedScanState* state) {
    return ((CustomScan*)state->css.ss.ps.plan)->scan.scanrelid > 0;
}

static Node* CreateState(CustomScan* node, const CustomExecMethods* methods) {
    DistributedScanState* state = (DistributedScanState*)palloc0(sizeof(DistributedScanState));
    NodeSetTag(state, T_CustomScanState);
    state->css.methods = methods;
    state->scan = plan::ReadScan(node->custom_private);
    return (Node*)state;
}

// The columns of the fragment's rows.
static TupleDesc FetchedDescriptor(DistributedScanState* state) {
    TupleDesc whole = RelationGetDescr(state->css.ss.ss_currentRelation);
    TupleDesc desc = CreateTemplateTupleDesc(list_length(state->scan.fetched_columns));
    ListCell* cell;
    AttrNumber column = 0;
    foreach (cell, state->scan.fetched_columns) TupleDescCopyEntry(desc, ++column, whole, lfirst_int(cell));
    return desc;
}

static void StartRun(DistributedScanState* state);
static void StopRun(DistributedScanState* state);

static bool HasExecParamWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    if (IsA(node, Param)) return ((Param*)node)->paramkind == PARAM_EXEC;
    return postgres::WalkExpression(node, HasExecParamWalker, context);
}

static bool IsCursor(const DistributedScanState* state, int eflags) {
    if ((eflags & EXEC_FLAG_EXPLAIN_ONLY) != 0 || state->scan.writes || state->scan.command != CMD_SELECT) return false;
    return ActivePortal != nullptr && ActivePortal->name[0] != '\0';
}

// The rows of one shard are read at once: that takes the snapshot too.
static bool ReadsAhead(DistributedScanState* state) {
    if (state->scan.broadcasts != NIL || !state->scan.single_shard) return false;
    return !HasExecParamWalker((Node*)((CustomScan*)state->css.ss.ps.plan)->custom_exprs, nullptr);
}

static void ReadAhead(DistributedScanState* state) {
    StartRun(state);
    KeepRemoteRows(state->run);
}

static void OpenCursor(DistributedScanState* state) {
    if (ReadsAhead(state))
        ReadAhead(state);
    else
        TakeStatementSnapshots(state->scan.relid, state->css.ss.ps.state->es_snapshot);
}

// A nested loop asks for the same rows again and again: they are kept when they come next.
static void PrepareReplay(DistributedScanState* state) {
    if (state->scan.command != CMD_SELECT || state->scan.writes || state->replayed != nullptr) return;
    EState* estate = state->css.ss.ps.state;
    MemoryContext caller = MemoryContextSwitchTo(estate->es_query_cxt);
    state->replayed = ExecInitExtraTupleSlot(estate, state->row_desc, &TTSOpsMinimalTuple);
    MemoryContextSwitchTo(caller);
}

// Is this scan, carried out once, all that the statement does with distributed tables?
static bool IsWholeStatement(DistributedScanState* state) {
    const PlannedStmt* statement = state->css.ss.ps.state->es_plannedstmt;
    if (statement->subplans != NIL || state->scan.broadcasts != NIL) return false;
    const Plan* own = state->css.ss.ps.plan;
    for (Plan* plan = statement->planTree; plan != nullptr; plan = outerPlan(plan)) {
        // Functions may give statements of their own that see the same snapshot.
        if (contain_mutable_functions((Node*)plan->targetlist) || contain_mutable_functions((Node*)plan->qual))
            return false;
        if (plan == own) return true;
        if (innerPlan(plan) != nullptr) return false;
    }
    return false;
}

static void Begin(CustomScanState* node, EState* estate, int eflags) {
    DistributedScanState* state = (DistributedScanState*)node;
    CustomScan* plan = (CustomScan*)node->ss.ps.plan;
    state->expression_states = ExecInitExprList(plan->custom_exprs, &node->ss.ps);
    state->run_context = AllocSetContextCreate(estate->es_query_cxt, "herd task run", ALLOCSET_DEFAULT_SIZES);
    if (IsBaseScan(state)) {
        state->row_desc = FetchedDescriptor(state);
        state->fetched = ExecInitExtraTupleSlot(estate, state->row_desc, &TTSOpsVirtual);
    } else {
        state->row_desc = node->ss.ss_ScanTupleSlot->tts_tupleDescriptor;
    }
    if ((eflags & EXEC_FLAG_REWIND) != 0) PrepareReplay(state);
    ListCell* child;
    foreach (child, plan->custom_plans)
        node->custom_ps =
            lappend(node->custom_ps, ExecInitNode((Plan*)lfirst(child), estate, eflags & EXEC_FLAG_EXPLAIN_ONLY));
    state->broadcasts = MakeBroadcasts(node->custom_ps, state->scan.broadcasts);
    state->is_whole_statement = IsWholeStatement(state);
    if (IsCursor(state, eflags)) OpenCursor(state);
}

static ShardChoice ShardsOf(DistributedScanState* state, ParamListInfo parameters, ExprContext* econtext) {
    const DistributedScan& scan = state->scan;
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

static void StartRun(DistributedScanState* state) {
    MemoryContext caller = MemoryContextSwitchTo(state->run_context);
    ExprContext* econtext = state->css.ss.ps.ps_ExprContext;
    ParamListInfo parameters = EvaluateParameters(state->expression_states, state->scan.parameter_count, econtext);
    if (state->broadcasts != nullptr) PutBatch(state->broadcasts, parameters);
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
    call.snapshot = state->css.ss.ps.state->es_snapshot;
    call.is_whole = state->is_whole_statement;
    state->shard_count = shards.count;
    state->run = BeginTaskRun(call);
    MemoryContextSwitchTo(caller);
}

// ---- looking rows up ----

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
    return BeginTaskRun(call);
}

static void BuildLookup(DistributedScanState* state) {
    const plan::LookupPlan& lookup = state->scan.lookup;
    MemoryContext caller = MemoryContextSwitchTo(state->run_context);
    TaskRun* run = StartLookupRun(state);
    LookupColumn column = {lookup.column, lookup.operator_id, lookup.column_is_left, lookup.collation};
    state->lookup = BuildRowLookup(run, state->row_desc, column, state->css.ss.ps.state->es_query_cxt);
    state->lookup_too_large = state->lookup == nullptr;
    state->run = run;
    StopRun(state);
    MemoryContextSwitchTo(caller);
}

// Are this run's rows to be found in memory? Prepares them if so.
static bool LooksUp(DistributedScanState* state) {
    if (state->scan.lookup.sql.text == nullptr || state->lookup_too_large) return false;
    if (++state->run_count <= kRunsBeforeLookup) return false;
    if (state->lookup == nullptr) BuildLookup(state);
    if (state->lookup == nullptr) return false;
    bool is_null;
    ExprState* value_state = (ExprState*)llast(state->expression_states);
    Datum value = ExecEvalExpr(value_state, state->css.ss.ps.ps_ExprContext, &is_null);
    FindRows(state->lookup, value, is_null);
    return true;
}

static bool ParamWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    Bitmapset** params = (Bitmapset**)context;
    if (IsA(node, Param) && ((Param*)node)->paramkind == PARAM_EXEC)
        *params = bms_add_member(*params, ((Param*)node)->paramid);
    return postgres::WalkExpression(node, ParamWalker, context);
}

// Have parameters changed on which the rows in memory depend?
static bool IsLookupStale(DistributedScanState* state) {
    if (state->lookup == nullptr || state->css.ss.ps.chgParam == nullptr) return false;
    List* expressions = ((CustomScan*)state->css.ss.ps.plan)->custom_exprs;
    int value = list_length(expressions) - 1;
    Bitmapset* params = nullptr;
    for (int i = value - state->scan.lookup.parameter_count; i < value; i++)
        ParamWalker((Node*)list_nth(expressions, i), &params);
    return bms_overlap(params, state->css.ss.ps.chgParam);
}

static void EndLookup(DistributedScanState* state) {
    if (state->lookup != nullptr) EndRowLookup(state->lookup);
    state->lookup = nullptr;
}

static void AddReport(DistributedScanState* state) {
    TaskRunReport report = ReportOf(state->run);
    state->report.task_count += report.task_count;
    state->report.remote_tasks += report.remote_tasks;
    state->report.affected_rows += report.affected_rows;
    state->report.bytes += report.bytes;
}

static void StopRun(DistributedScanState* state) {
    if (state->run == nullptr) return;
    AddReport(state);
    EndTaskRun(state->run);
    state->run = nullptr;
}

// The fetched columns in their places of the whole row; the others are null and nobody asks for them.
static void SpreadColumns(DistributedScanState* state, TupleTableSlot* slot) {
    ExecClearTuple(slot);
    memset(slot->tts_isnull, true, slot->tts_tupleDescriptor->natts * sizeof(bool));
    memset(slot->tts_values, 0, slot->tts_tupleDescriptor->natts * sizeof(Datum));
    ListCell* cell;
    int column = 0;
    foreach (cell, state->scan.fetched_columns) {
        int target = lfirst_int(cell) - 1;
        slot->tts_values[target] = state->fetched->tts_values[column];
        slot->tts_isnull[target] = state->fetched->tts_isnull[column];
        column++;
    }
    ExecStoreVirtualTuple(slot);
    slot->tts_tableOid = state->scan.relid;
}

static void Finish(DistributedScanState* state) {
    state->done = true;
    StopRun(state);
    if (state->scan.command != CMD_SELECT && state->scan.can_set_tag)
        state->css.ss.ps.state->es_processed += state->report.affected_rows;
}

// False if a broadcast has no rows: then there is nothing to ask for.
static bool StartFirstRun(DistributedScanState* state) {
    if (state->broadcasts != nullptr && !NextBatch(state->broadcasts)) {
        Finish(state);
        return false;
    }
    StartRun(state);
    return true;
}

static bool StartRunOfNextBatch(DistributedScanState* state) {
    if (state->broadcasts == nullptr) return false;
    StopRun(state);
    if (!NextBatch(state->broadcasts)) return false;
    MemoryContextReset(state->run_context);
    StartRun(state);
    return true;
}

// The next row of the run into the slot of the fragment's own columns.
static bool NextFromRun(DistributedScanState* state, TupleTableSlot* target) {
    if (state->done) return false;
    if (state->run == nullptr && !state->looking_up) {
        state->looking_up = LooksUp(state);
        if (!state->looking_up && !StartFirstRun(state)) return false;
    }
    if (state->looking_up) {
        state->done = !NextFoundRow(state->lookup, target);
        return !state->done;
    }
    for (;;) {
        if (!TaskRunNext(state->run, target)) {
            if (StartRunOfNextBatch(state)) continue;
            Finish(state);
            return false;
        }
        if (state->scan.checks == NIL) return true;
        CheckNewRow(state->scan.checks, target);
        if (state->scan.has_returning) return true;
    }
}

static bool NextReplayed(DistributedScanState* state, TupleTableSlot* target) {
    if (tuplestore_ateof(state->replay)) return false;
    if (!tuplestore_gettupleslot(state->replay, true, false, state->replayed)) return false;
    ShareRow(state->replayed, target);
    return true;
}

// Rows already seen come from the store, new ones go there.
static bool NextWithReplay(DistributedScanState* state, TupleTableSlot* target) {
    if (state->replay == nullptr) {
        MemoryContext caller = MemoryContextSwitchTo(state->css.ss.ps.state->es_query_cxt);
        state->replay = tuplestore_begin_heap(false, false, work_mem);
        MemoryContextSwitchTo(caller);
    }
    if (NextReplayed(state, target)) return true;
    if (!NextFromRun(state, target)) return false;
    tuplestore_puttupleslot(state->replay, target);
    return true;
}

static TupleTableSlot* Next(ScanState* node) {
    DistributedScanState* state = (DistributedScanState*)node;
    TupleTableSlot* slot = node->ss_ScanTupleSlot;
    TupleTableSlot* target = state->fetched != nullptr ? state->fetched : slot;
    bool found = state->replayed != nullptr ? NextWithReplay(state, target) : NextFromRun(state, target);
    if (!found) return ExecClearTuple(slot);
    if (state->fetched != nullptr) SpreadColumns(state, slot);
    return slot;
}

static bool Recheck(ScanState*, TupleTableSlot*) { return true; }

static void ForgetReplay(DistributedScanState* state) {
    if (state->replay != nullptr) tuplestore_end(state->replay);
    state->replay = nullptr;
}

static void End(CustomScanState* node) {
    DistributedScanState* state = (DistributedScanState*)node;
    StopRun(state);
    ForgetReplay(state);
    EndLookup(state);
    if (state->broadcasts != nullptr) EndBroadcasts(state->broadcasts);
    MemoryContextDelete(state->run_context);
}

static void ReScan(CustomScanState* node) {
    DistributedScanState* state = (DistributedScanState*)node;
    ExecScanReScan(&node->ss);
    ListCell* child;
    foreach (child, node->custom_ps)
        if (node->ss.ps.chgParam != nullptr) UpdateChangedParamSet((PlanState*)lfirst(child), node->ss.ps.chgParam);
    if (state->replay != nullptr && node->ss.ps.chgParam == nullptr) {
        tuplestore_rescan(state->replay);
        return;
    }
    ForgetReplay(state);
    // A correlated subquery doesn't say before that it will ask again.
    if (node->ss.ps.chgParam == nullptr) PrepareReplay(state);
    StopRun(state);
    if (IsLookupStale(state)) EndLookup(state);
    MemoryContextReset(state->run_context);
    if (state->broadcasts != nullptr) RescanBroadcasts(state->broadcasts);
    state->looking_up = false;
    state->done = false;
}

bool ShardsOfScan(DistributedScanState* state, int** indexes, int* count) {
    ExprContext* econtext = state->css.ss.ps.ps_ExprContext;
    const DistributedScan& scan = state->scan;
    if (scan.pruning == Pruning::kByParameter) return false;
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

extern "C" {

static Node* HerdCreateRouterState(CustomScan* scan) {
    return postgres::Enter([&]() { return CreateState(scan, &router_exec_methods); });
}
static Node* HerdCreateGatherState(CustomScan* scan) {
    return postgres::Enter([&]() { return CreateState(scan, &gather_exec_methods); });
}
static Node* HerdCreateModifyState(CustomScan* scan) {
    return postgres::Enter([&]() { return CreateState(scan, &modify_exec_methods); });
}
static void HerdBeginCustomScan(CustomScanState* node, EState* estate, int eflags) {
    postgres::Enter([&]() { Begin(node, estate, eflags); });
}
static TupleTableSlot* HerdScanNext(ScanState* node) {
    return postgres::Enter([&]() { return Next(node); });
}
static bool HerdScanRecheck(ScanState* node, TupleTableSlot* slot) {
    return postgres::Enter([&]() { return Recheck(node, slot); });
}
static TupleTableSlot* HerdExecCustomScan(CustomScanState* node) {
    return postgres::Enter([&]() { return ExecScan(&node->ss, HerdScanNext, HerdScanRecheck); });
}
static void HerdEndCustomScan(CustomScanState* node) {
    postgres::Enter([&]() { End(node); });
}
static void HerdReScanCustomScan(CustomScanState* node) {
    postgres::Enter([&]() { ReScan(node); });
}

}  // extern "C"

static void RegisterOne(const char* name, CustomScanMethods* methods, CustomExecMethods* exec_methods,
                        Node* (*create)(CustomScan*), void (*explain)(CustomScanState*, List*, ExplainState*)) {
    methods->CustomName = name;
    methods->CreateCustomScanState = create;
    exec_methods->CustomName = name;
    exec_methods->BeginCustomScan = HerdBeginCustomScan;
    exec_methods->ExecCustomScan = HerdExecCustomScan;
    exec_methods->EndCustomScan = HerdEndCustomScan;
    exec_methods->ReScanCustomScan = HerdReScanCustomScan;
    exec_methods->ExplainCustomScan = explain;
    RegisterCustomScanMethods(methods);
}

void RegisterDistributedScans(void (*explain)(CustomScanState*, List*, ExplainState*)) {
    RegisterOne("HerdRouter", &router_methods, &router_exec_methods, HerdCreateRouterState, explain);
    RegisterOne("HerdGather", &gather_methods, &gather_exec_methods, HerdCreateGatherState, explain);
    RegisterOne("HerdModify", &modify_methods, &modify_exec_methods, HerdCreateModifyState, explain);
}

}  // namespace herd::executor
