#include "executor/scans/read_ahead.h"

#include "executor/scans/key_feed.h"
#include "executor/tasks/row_slots.h"
#include "plan/distributed_plan.h"
#include "postgres/entry.h"

extern "C" {
#include <executor/executor.h>
#include <miscadmin.h>
#include <nodes/extensible.h>
#include <nodes/nodeFuncs.h>
#include <utils/datum.h>
#include <utils/lsyscache.h>
#include <utils/memutils.h>
}

namespace herd::executor {

// Of the first batch; each following one is larger, for who wants only some rows shouldn't wait for many.
static const int kFirstBatch = 100;
static const int kGrowth = 10;
static const int kLargestBatch = 10000;

namespace {

struct Column {
    ExprState* value;
    int16 length;
    bool by_value;
    KeyFeed feed;
};

struct ReadAheadState {
    CustomScanState css;  // first
    plan::ReadAhead plan;
    Column* columns;
    int column_count;
    MemoryContext batch_context;
    MinimalTuple* rows;  // of the batch
    int row_count;
    int next;
    int batch_size;
    TupleTableSlot* row_slot;
    bool source_done;
    bool is_repeated;
};

}  // namespace

static CustomScanMethods scan_methods;
static CustomExecMethods exec_methods;

static Node* CreateState(CustomScan* node) {
    ReadAheadState* state = (ReadAheadState*)palloc0(sizeof(ReadAheadState));
    NodeSetTag(state, T_CustomScanState);
    state->css.methods = &exec_methods;
    state->plan = plan::ReadReadAhead(node->custom_private);
    return (Node*)state;
}

static void BeginColumns(ReadAheadState* state) {
    CustomScan* plan = (CustomScan*)state->css.ss.ps.plan;
    List* values = ExecInitExprList(plan->custom_exprs, &state->css.ss.ps);
    state->column_count = list_length(values);
    state->columns = (Column*)palloc0(state->column_count * sizeof(Column));
    for (int i = 0; i < state->column_count; i++) {
        Column* column = &state->columns[i];
        column->value = (ExprState*)list_nth(values, i);
        get_typlenbyval(exprType((Node*)column->value->expr), &column->length, &column->by_value);
        column->feed.expected_rows = plan->scan.plan.plan_rows;
        column->feed.is_wanted = true;
        OfferFeed(state->css.ss.ps.state, list_nth_int(state->plan.feeds, i), &column->feed);
    }
}

static void Begin(CustomScanState* node, EState* estate, int eflags) {
    ReadAheadState* state = (ReadAheadState*)node;
    outerPlanState(node) = ExecInitNode(outerPlan(node->ss.ps.plan), estate, eflags);
    TupleDesc desc = node->ss.ss_ScanTupleSlot->tts_tupleDescriptor;
    state->row_slot = ExecInitExtraTupleSlot(estate, desc, &TTSOpsMinimalTuple);
    state->batch_context = AllocSetContextCreate(estate->es_query_cxt, "herd rows ahead", ALLOCSET_DEFAULT_SIZES);
    state->batch_size = kFirstBatch;
    BeginColumns(state);
}

// ---- a batch ----

static void ForgetBatch(ReadAheadState* state) {
    ExecClearTuple(state->row_slot);
    MemoryContextReset(state->batch_context);
    state->rows = nullptr;
    state->row_count = state->next = 0;
    for (int i = 0; i < state->column_count; i++) {
        state->columns[i].feed.values = nullptr;
        state->columns[i].feed.nulls = nullptr;
        state->columns[i].feed.count = 0;
    }
}

static void KeepRow(ReadAheadState* state, TupleTableSlot* row) {
    ExprContext* econtext = state->css.ss.ps.ps_ExprContext;
    ResetExprContext(econtext);
    // Expressions over a scan's row take it for a virtual tuple.
    ShareRow(row, state->css.ss.ss_ScanTupleSlot);
    econtext->ecxt_scantuple = state->css.ss.ss_ScanTupleSlot;
    MemoryContext caller = MemoryContextSwitchTo(state->batch_context);
    for (int i = 0; i < state->column_count; i++) {
        Column* column = &state->columns[i];
        bool* is_null = &column->feed.nulls[state->row_count];
        Datum value = ExecEvalExprSwitchContext(column->value, econtext, is_null);
        column->feed.values[state->row_count] =
            *is_null ? (Datum)0 : datumCopy(value, column->by_value, column->length);
    }
    state->rows[state->row_count++] = ExecCopySlotMinimalTuple(row);
    MemoryContextSwitchTo(caller);
}

static void MakeRoom(ReadAheadState* state) {
    MemoryContext caller = MemoryContextSwitchTo(state->batch_context);
    state->rows = (MinimalTuple*)palloc(state->batch_size * sizeof(MinimalTuple));
    for (int i = 0; i < state->column_count; i++) {
        state->columns[i].feed.values = (Datum*)palloc(state->batch_size * sizeof(Datum));
        state->columns[i].feed.nulls = (bool*)palloc(state->batch_size * sizeof(bool));
    }
    MemoryContextSwitchTo(caller);
}

static bool HasMemory(const ReadAheadState* state) {
    return MemoryContextMemAllocated(state->batch_context, false) < (size_t)work_mem * 1024;
}

static TupleTableSlot* NextOfSource(ReadAheadState* state) {
    TupleTableSlot* row = state->source_done ? nullptr : ExecProcNode(outerPlanState(&state->css));
    state->source_done = TupIsNull(row);
    return state->source_done ? nullptr : row;
}

static void ReadBatch(ReadAheadState* state) {
    ForgetBatch(state);
    MakeRoom(state);
    while (state->row_count < state->batch_size && (state->row_count == 0 || HasMemory(state))) {
        CHECK_FOR_INTERRUPTS();
        TupleTableSlot* row = NextOfSource(state);
        if (row == nullptr) break;
        KeepRow(state, row);
    }
    for (int i = 0; i < state->column_count; i++) {
        KeyFeed* feed = &state->columns[i].feed;
        feed->count = state->row_count;
        feed->rows += state->row_count;
        feed->is_last = state->source_done && !state->is_repeated;
        feed->batch++;
    }
    state->batch_size = Min(kLargestBatch, state->batch_size * kGrowth);
}

static bool IsWanted(const ReadAheadState* state) {
    for (int i = 0; i < state->column_count; i++)
        if (state->columns[i].feed.is_wanted) return true;
    return false;
}

// ---- the scan ----

static TupleTableSlot* Next(ScanState* node) {
    ReadAheadState* state = (ReadAheadState*)node;
    TupleTableSlot* slot = node->ss_ScanTupleSlot;
    bool passes = state->next >= state->row_count && (state->source_done || !IsWanted(state));
    if (passes) {
        ForgetBatch(state);
        TupleTableSlot* row = NextOfSource(state);
        if (row == nullptr) return ExecClearTuple(slot);
        ShareRow(row, slot);
        return slot;
    }
    if (state->next >= state->row_count) ReadBatch(state);
    if (state->next >= state->row_count) return ExecClearTuple(slot);
    ExecForceStoreMinimalTuple(state->rows[state->next++], state->row_slot, false);
    ShareRow(state->row_slot, slot);
    return slot;
}

// There is no row of this scan's own that could have changed.
static bool Recheck(ScanState*, TupleTableSlot*) { return true; }

static void End(CustomScanState* node) {
    ReadAheadState* state = (ReadAheadState*)node;
    ForgetBatch(state);
    ExecEndNode(outerPlanState(node));
}

static void ReScan(CustomScanState* node) {
    ReadAheadState* state = (ReadAheadState*)node;
    ExecScanReScan(&node->ss);
    ForgetBatch(state);
    state->source_done = false;
    state->is_repeated = true;
    state->batch_size = kFirstBatch;
    for (int i = 0; i < state->column_count; i++) state->columns[i].feed.is_wanted = true;
    // With changed parameters it starts anew by itself.
    if (outerPlanState(node)->chgParam == nullptr) ExecReScan(outerPlanState(node));
}

extern "C" {

static Node* HerdCreateReadAheadState(CustomScan* scan) {
    return postgres::Enter([&]() { return CreateState(scan); });
}
static void HerdBeginReadAhead(CustomScanState* node, EState* estate, int eflags) {
    postgres::Enter([&]() { Begin(node, estate, eflags); });
}
static TupleTableSlot* HerdReadAheadNext(ScanState* node) {
    return postgres::Enter([&]() { return Next(node); });
}
static bool HerdReadAheadRecheck(ScanState* node, TupleTableSlot* slot) {
    return postgres::Enter([&]() { return Recheck(node, slot); });
}
static TupleTableSlot* HerdExecReadAhead(CustomScanState* node) {
    return postgres::Enter([&]() { return ExecScan(&node->ss, HerdReadAheadNext, HerdReadAheadRecheck); });
}
static void HerdEndReadAhead(CustomScanState* node) {
    postgres::Enter([&]() { End(node); });
}
static void HerdReScanReadAhead(CustomScanState* node) {
    postgres::Enter([&]() { ReScan(node); });
}

}  // extern "C"

void RegisterReadAhead() {
    scan_methods.CustomName = "HerdReadAhead";
    scan_methods.CreateCustomScanState = HerdCreateReadAheadState;
    exec_methods.CustomName = "HerdReadAhead";
    exec_methods.BeginCustomScan = HerdBeginReadAhead;
    exec_methods.ExecCustomScan = HerdExecReadAhead;
    exec_methods.EndCustomScan = HerdEndReadAhead;
    exec_methods.ReScanCustomScan = HerdReScanReadAhead;
    RegisterCustomScanMethods(&scan_methods);
}

}  // namespace herd::executor
