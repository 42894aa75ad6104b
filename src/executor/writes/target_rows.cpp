#include "executor/writes/target_rows.h"

#include "executor/writes/row_changes.h"
#include "executor/tasks/row_slots.h"
#include "plan/distributed_plan.h"
#include "postgres/entry.h"

extern "C" {
#include <executor/executor.h>
#include <miscadmin.h>
#include <nodes/extensible.h>
#include <utils/rel.h>
#include <utils/tuplestore.h>
}

namespace herd::executor {

// So many rows are locked, and then changed, at a time.
static const int kRowsAhead = 2000;

namespace {

struct TargetRowsState {
    CustomScanState css;  // first
    plan::TargetRows plan;
    RowChanges* changes;     // null before the first row
    Tuplestorestate* ahead;  // rows that were read and not yet given to the node
    TupleTableSlot* ahead_slot;
    bool source_done;
};

}  // namespace

static CustomScanMethods scan_methods;
static CustomExecMethods exec_methods;

static Node* CreateState(CustomScan* node) {
    TargetRowsState* state = (TargetRowsState*)palloc0(sizeof(TargetRowsState));
    NodeSetTag(state, T_CustomScanState);
    state->css.methods = &exec_methods;
    state->plan = plan::ReadTargetRows(node->custom_private);
    return (Node*)state;
}

// The shards have the indexes and check the foreign keys.
static void DisarmShell(EState* estate, Index relation) {
    ResultRelInfo* target = estate->es_result_relations[relation - 1];
    target->ri_TrigDesc = nullptr;
    target->ri_NumIndices = 0;
    target->ri_IndexRelationDescs = (RelationPtr)palloc0(sizeof(Relation));
}

static bool IsRecheck(const CustomScanState* node) { return node->ss.ps.state->es_epq_active != nullptr; }

static void Begin(CustomScanState* node, EState* estate, int eflags) {
    TargetRowsState* state = (TargetRowsState*)node;
    Plan* source = (Plan*)linitial(((CustomScan*)node->ss.ps.plan)->custom_plans);
    node->custom_ps = list_make1(ExecInitNode(source, estate, eflags));
    TupleDesc desc = node->ss.ss_ScanTupleSlot->tts_tupleDescriptor;
    state->ahead_slot = ExecInitExtraTupleSlot(estate, desc, &TTSOpsMinimalTuple);
    if (!IsRecheck(node)) DisarmShell(estate, state->plan.relation);
}

static void BeginChanges(TargetRowsState* state) {
    EState* estate = state->css.ss.ps.state;
    RowChangesPlan plan = {state->plan.relid, (LockTupleMode)state->plan.lock_mode, state->plan.needs_rows,
                           state->plan.set_columns};
    state->changes = BeginRowChanges(plan, estate->es_snapshot, estate->es_query_cxt);
}

// INSERT has no places, and MERGE none where there is no row yet.
static bool PlaceOf(const TargetRowsState* state, TupleTableSlot* row, ItemPointerData* place) {
    if (state->plan.place_column == 0) return false;
    bool is_null;
    Datum value = slot_getattr(row, (AttrNumber)state->plan.place_column, &is_null);
    if (is_null) return false;
    *place = *(ItemPointer)DatumGetPointer(value);
    return true;
}

static void ReadAhead(TargetRowsState* state) {
    MemoryContext caller = MemoryContextSwitchTo(state->css.ss.ps.state->es_query_cxt);
    if (state->ahead == nullptr)
        state->ahead = tuplestore_begin_heap(false, false, work_mem);
    else
        tuplestore_clear(state->ahead);
    ItemPointerData* places = (ItemPointerData*)palloc(kRowsAhead * sizeof(ItemPointerData));
    int count = 0;
    for (int rows = 0; rows < kRowsAhead && !state->source_done; rows++) {
        CHECK_FOR_INTERRUPTS();
        TupleTableSlot* row = ExecProcNode((PlanState*)linitial(state->css.custom_ps));
        state->source_done = TupIsNull(row);
        if (state->source_done) break;
        if (PlaceOf(state, row, &places[count])) count++;
        tuplestore_puttupleslot(state->ahead, row);
    }
    if (count > 0) LockRowsToChange(state->changes, places, count);
    pfree(places);
    MemoryContextSwitchTo(caller);
}

static bool NextAhead(TargetRowsState* state) {
    return state->ahead != nullptr && tuplestore_gettupleslot(state->ahead, true, false, state->ahead_slot);
}

static TupleTableSlot* Show(TargetRowsState* state, TupleTableSlot* row) {
    TupleTableSlot* slot = state->css.ss.ss_ScanTupleSlot;
    ShareRow(row, slot);
    ProjectionInfo* projection = state->css.ss.ps.ps_ProjInfo;
    if (projection == nullptr) return slot;
    state->css.ss.ps.ps_ExprContext->ecxt_scantuple = slot;
    return ExecProject(projection);
}

static TupleTableSlot* Exec(CustomScanState* node) {
    TargetRowsState* state = (TargetRowsState*)node;
    if (IsRecheck(node)) {
        TupleTableSlot* row = ExecProcNode((PlanState*)linitial(node->custom_ps));
        return TupIsNull(row) ? nullptr : Show(state, row);
    }
    if (state->changes == nullptr) BeginChanges(state);
    while (!NextAhead(state)) {
        SendChanges(state->changes);
        if (state->source_done) return nullptr;
        ReadAhead(state);
    }
    return Show(state, state->ahead_slot);
}

static void End(CustomScanState* node) {
    TargetRowsState* state = (TargetRowsState*)node;
    if (state->ahead != nullptr) tuplestore_end(state->ahead);
    ExecEndNode((PlanState*)linitial(node->custom_ps));
}

// Only while PostgreSQL checks a row's newest version again.
static void ReScan(CustomScanState* node) {
    PlanState* source = (PlanState*)linitial(node->custom_ps);
    if (node->ss.ps.chgParam != nullptr) UpdateChangedParamSet(source, node->ss.ps.chgParam);
    if (source->chgParam == nullptr) ExecReScan(source);
}

extern "C" {

static Node* HerdCreateTargetRowsState(CustomScan* scan) {
    return postgres::Enter([&]() { return CreateState(scan); });
}
static void HerdBeginTargetRows(CustomScanState* node, EState* estate, int eflags) {
    postgres::Enter([&]() { Begin(node, estate, eflags); });
}
static TupleTableSlot* HerdExecTargetRows(CustomScanState* node) {
    return postgres::Enter([&]() { return Exec(node); });
}
static void HerdEndTargetRows(CustomScanState* node) {
    postgres::Enter([&]() { End(node); });
}
static void HerdReScanTargetRows(CustomScanState* node) {
    postgres::Enter([&]() { ReScan(node); });
}

}  // extern "C"

void RegisterTargetRows() {
    scan_methods.CustomName = "HerdTargetRows";
    scan_methods.CreateCustomScanState = HerdCreateTargetRowsState;
    exec_methods.CustomName = "HerdTargetRows";
    exec_methods.BeginCustomScan = HerdBeginTargetRows;
    exec_methods.ExecCustomScan = HerdExecTargetRows;
    exec_methods.EndCustomScan = HerdEndTargetRows;
    exec_methods.ReScanCustomScan = HerdReScanTargetRows;
    RegisterCustomScanMethods(&scan_methods);
}

}  // namespace herd::executor
