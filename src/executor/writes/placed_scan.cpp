#include "postgres/pg.h"

#include "executor/writes/placed_scan.h"
#include "executor/tasks/row_slots.h"
#include "postgres/entry.h"

extern "C" {
#include <access/tableam.h>
#include <executor/executor.h>
#include <nodes/extensible.h>
#include <storage/itemptr.h>
#include <utils/rel.h>
}

namespace herd::executor {

namespace {

struct PlacedScanState {
    CustomScanState css;  // first
    ExprState* place;
    TupleTableSlot* stored;  // as the table keeps it
    bool done;
};

}  // namespace

static CustomScanMethods scan_methods;
static CustomExecMethods exec_methods;

static Node* CreateState() {
    PlacedScanState* state = (PlacedScanState*)palloc0(sizeof(PlacedScanState));
    NodeSetTag(state, T_CustomScanState);
    state->css.methods = &exec_methods;
    return (Node*)state;
}

static void Begin(CustomScanState* node, EState* estate) {
    PlacedScanState* state = (PlacedScanState*)node;
    Relation relation = node->ss.ss_currentRelation;
    state->place = ExecInitExpr((Expr*)linitial(((CustomScan*)node->ss.ps.plan)->custom_exprs), &node->ss.ps);
    state->stored = ExecInitExtraTupleSlot(estate, RelationGetDescr(relation), table_slot_callbacks(relation));
}

// As the snapshot sees it. A row that a cursor stands on may have been changed since by its own transaction: then what it has become.
static bool FetchRow(PlacedScanState* state, ItemPointerData place) {
    Relation relation = state->css.ss.ss_currentRelation;
    Snapshot snapshot = state->css.ss.ps.state->es_snapshot;
    if (table_tuple_fetch_row_version(relation, &place, snapshot, state->stored)) return true;
    TableScanDesc scan = table_beginscan_tid(relation, snapshot);
    table_tuple_get_latest_tid(scan, &place);
    table_endscan(scan);
    return table_tuple_fetch_row_version(relation, &place, snapshot, state->stored);
}

static TupleTableSlot* Next(ScanState* node) {
    PlacedScanState* state = (PlacedScanState*)node;
    TupleTableSlot* slot = node->ss_ScanTupleSlot;
    bool is_null = true;
    Datum place = (Datum)0;
    if (!state->done) place = ExecEvalExprSwitchContext(state->place, node->ps.ps_ExprContext, &is_null);
    state->done = true;
    if (is_null || !FetchRow(state, *(ItemPointer)DatumGetPointer(place))) return ExecClearTuple(slot);
    ShareRow(state->stored, slot);
    slot->tts_tid = state->stored->tts_tid;
    slot->tts_tableOid = state->stored->tts_tableOid;
    return slot;
}

// The newest version of the row: expressions expect its values to be unpacked.
static bool Recheck(TupleTableSlot* slot) {
    slot_getallattrs(slot);
    return true;
}

static void ReScan(CustomScanState* node) {
    ((PlacedScanState*)node)->done = false;
    ExecScanReScan(&node->ss);
}

extern "C" {

static Node* HerdCreatePlacedScanState(CustomScan*) {
    return postgres::Enter([&]() { return CreateState(); });
}
static void HerdBeginPlacedScan(CustomScanState* node, EState* estate, int) {
    postgres::Enter([&]() { Begin(node, estate); });
}
static TupleTableSlot* HerdPlacedScanNext(ScanState* node) {
    return postgres::Enter([&]() { return Next(node); });
}
static bool HerdPlacedScanRecheck(ScanState*, TupleTableSlot* slot) {
    return postgres::Enter([&]() { return Recheck(slot); });
}
static TupleTableSlot* HerdExecPlacedScan(CustomScanState* node) {
    return postgres::Enter([&]() { return ExecScan(&node->ss, HerdPlacedScanNext, HerdPlacedScanRecheck); });
}
static void HerdEndPlacedScan(CustomScanState*) {}
static void HerdReScanPlacedScan(CustomScanState* node) {
    postgres::Enter([&]() { ReScan(node); });
}

}  // extern "C"

void RegisterPlacedScan() {
    scan_methods.CustomName = "HerdPlacedScan";
    scan_methods.CreateCustomScanState = HerdCreatePlacedScanState;
    exec_methods.CustomName = "HerdPlacedScan";
    exec_methods.BeginCustomScan = HerdBeginPlacedScan;
    exec_methods.ExecCustomScan = HerdExecPlacedScan;
    exec_methods.EndCustomScan = HerdEndPlacedScan;
    exec_methods.ReScanCustomScan = HerdReScanPlacedScan;
    RegisterCustomScanMethods(&scan_methods);
}

}  // namespace herd::executor

// herd.is_at(): what it says where no scan of its own was planned.
HERD_FUNCTION(herd_is_at) {
    ItemPointer left = (ItemPointer)PG_GETARG_POINTER(0);
    ItemPointer right = (ItemPointer)PG_GETARG_POINTER(1);
    PG_RETURN_BOOL(ItemPointerEquals(left, right));
}
