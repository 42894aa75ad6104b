#include "executor/scans/distributed_scan.h"

#include "catalog/metadata.h"
#include "executor/scans/cursor_snapshots.h"
#include "executor/scans/first_rows.h"
#include "executor/scans/replay.h"
#include "executor/snapshots/nodes_read.h"
#include "executor/writes/row_checks.h"
#include "executor/writes/row_place.h"
#include "executor/scans/scan_lookup.h"
#include "executor/scans/scan_runs.h"
#include "executor/writes/write_counts.h"
#include "postgres/entry.h"
#include "postgres/walk.h"

extern "C" {
#include <access/tupdesc.h>
#include <catalog/pg_type.h>
#include <executor/executor.h>
#include <miscadmin.h>
#include <nodes/nodeFuncs.h>
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

// The columns of the fragment's rows, as they come from the shards.
static TupleDesc FetchedDescriptor(DistributedScanState* state) {
    TupleDesc whole = RelationGetDescr(state->css.ss.ss_currentRelation);
    TupleDesc desc =
        CreateTemplateTupleDesc(list_length(state->scan.fetched_columns) + (state->scan.fetches_place ? 2 : 0));
    ListCell* cell;
    AttrNumber column = 0;
    foreach (cell, state->scan.fetched_columns) TupleDescCopyEntry(desc, ++column, whole, lfirst_int(cell));
    if (!state->scan.fetches_place) return desc;
    TupleDescInitEntry(desc, ++column, "ctid", TIDOID, -1, 0);
    TupleDescInitEntry(desc, ++column, "shard", INT4OID, -1, 0);
    return desc;
}

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

// Is this scan, carried out once, all that the statement does with distributed tables?
static bool IsWholeStatement(DistributedScanState* state) {
    // The rows will be locked or changed.
    if (state->scan.fetches_place) return false;
    return (const Plan*)FindSoleScan(state->css.ss.ps.state->es_plannedstmt) == state->css.ss.ps.plan;
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
    state->broadcasts = MakeBroadcasts(node->custom_ps, state->scan.broadcasts, state->scan.broadcast_whole);
    state->is_whole_statement = IsWholeStatement(state);
    if (IsCursor(state, eflags) && estate->es_epq_active == nullptr) OpenCursor(state);
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
    if (!state->scan.fetches_place) return;
    const Datum* place = state->fetched->tts_values + column;
    slot->tts_tid = PackRowPlace(catalog::GetTable(state->scan.relid)->group,
                                 {DatumGetInt32(place[1]), *(ItemPointer)DatumGetPointer(place[0])});
}

static void Finish(DistributedScanState* state) {
    state->done = true;
    StopRun(state);
    if (state->scan.command == CMD_SELECT) return;
    CountWrites(state->scan.relid, state->scan.command, state->report.affected_rows);
    if (state->scan.can_set_tag) state->css.ss.ps.state->es_processed += state->report.affected_rows;
}

// The next row of the run into the slot of the fragment's own columns.
static bool NextFromRun(DistributedScanState* state, TupleTableSlot* target) {
    if (state->done) return false;
    if (ReadsFirstRows(state)) {
        if (NextFirstRow(state, target)) return true;
        Finish(state);
        return false;
    }
    if (state->run == nullptr && !state->looking_up) {
        state->looking_up = LooksUp(state);
        if (!state->looking_up && !StartFirstRun(state)) {
            Finish(state);
            return false;
        }
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

// Rows already seen come from the store, new ones go there.
static bool NextRow(DistributedScanState* state, TupleTableSlot* target) {
    if (!IsReplaying(state)) return NextFromRun(state, target);
    if (NextReplayed(state, target)) return true;
    if (!NextFromRun(state, target)) return false;
    KeepForReplay(state, target);
    return true;
}

static TupleTableSlot* Next(ScanState* node) {
    DistributedScanState* state = (DistributedScanState*)node;
    TupleTableSlot* slot = node->ss_ScanTupleSlot;
    TupleTableSlot* target = state->fetched != nullptr ? state->fetched : slot;
    if (!NextRow(state, target)) return ExecClearTuple(slot);
    if (state->fetched != nullptr) SpreadColumns(state, slot);
    return slot;
}

// After a row was changed by another transaction, PostgreSQL asks whether its newest version still fulfils the conditions.
static bool Recheck(ScanState* node, TupleTableSlot* slot) {
    DistributedScanState* state = (DistributedScanState*)node;
    // A scan of several relations is never one of those whose rows change.
    if (!IsBaseScan(state)) return !TupIsNull(Next(node));
    if (!state->scan.rechecks) return true;
    ExprContext* econtext = node->ps.ps_ExprContext;
    econtext->ecxt_scantuple = slot;
    bool is_null;
    Datum result = ExecEvalExprSwitchContext((ExprState*)llast(state->expression_states), econtext, &is_null);
    return !is_null && DatumGetBool(result);
}

static void End(CustomScanState* node) {
    DistributedScanState* state = (DistributedScanState*)node;
    StopRun(state);
    ForgetReplay(state);
    EndLookup(state);
    EndFirstRows(state);
    if (state->broadcasts != nullptr) EndBroadcasts(state->broadcasts);
    MemoryContextDelete(state->run_context);
}

static void ReScan(CustomScanState* node) {
    DistributedScanState* state = (DistributedScanState*)node;
    ExecScanReScan(&node->ss);
    ListCell* child;
    foreach (child, node->custom_ps)
        if (node->ss.ps.chgParam != nullptr) UpdateChangedParamSet((PlanState*)lfirst(child), node->ss.ps.chgParam);
    if (node->ss.ps.chgParam == nullptr && RestartReplay(state)) return;
    ForgetReplay(state);
    // A correlated subquery doesn't say before that it will ask again.
    if (node->ss.ps.chgParam == nullptr) PrepareReplay(state);
    StopRun(state);
    EndFirstRows(state);
    if (IsLookupStale(state)) RestartLookup(state);
    MemoryContextReset(state->run_context);
    if (state->broadcasts != nullptr) RescanBroadcasts(state->broadcasts);
    state->looking_up = false;
    state->done = false;
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
