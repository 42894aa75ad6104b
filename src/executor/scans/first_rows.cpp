#include "executor/scans/first_rows.h"

#include "catalog/metadata.h"
#include "executor/tasks/row_slots.h"
#include "executor/scans/scan_runs.h"

extern "C" {
#include <executor/executor.h>
#include <miscadmin.h>
#include <storage/itemptr.h>
#include <utils/hsearch.h>
#include <utils/tuplesort.h>
#include <utils/tuplestore.h>
}

namespace herd::executor {

// Of every shard at first; the reader may find some rows locked.
static const int64 kFirstRound = 50;
static const int64 kMoreEachRound = 10;

namespace {

struct RowKey {
    int32 shard;
    ItemPointerData ctid;
    uint16 unused;
};

}  // namespace

struct FirstRows {
    Tuplesortstate* sorted;   // of a round; null if there is no order
    Tuplestorestate* stored;  // instead
    TupleTableSlot* row;
    int64 limit;    // per shard, in this round; 0 before the first
    int64* read;    // in this round, by shard
    int64* passed;  // of these
    bool frontier;  // nothing is known of what follows
    HTAB* given;    // RowKey: what the reader has got
};

bool ReadsFirstRows(const DistributedScanState* state) { return state->scan.first_rows.limit_parameter > 0; }

static FirstRows* MakeFirstRows(DistributedScanState* state) {
    FirstRows* first = (FirstRows*)palloc0(sizeof(FirstRows));
    int shards = catalog::GetTable(state->scan.relid)->group->shard_count;
    first->read = (int64*)palloc0(shards * sizeof(int64));
    first->passed = (int64*)palloc0(shards * sizeof(int64));
    first->row = MakeSingleTupleTableSlot(state->row_desc, &TTSOpsMinimalTuple);
    HASHCTL control = {};
    control.keysize = control.entrysize = sizeof(RowKey);
    control.hcxt = CurrentMemoryContext;
    first->given = hash_create("herd first rows", 128, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
    return first;
}

// ---- a round ----

static Tuplesortstate* BeginSort(List* order, TupleDesc desc) {
    int count = list_length(order);
    AttrNumber* columns = (AttrNumber*)palloc(count * sizeof(AttrNumber));
    Oid* operators = (Oid*)palloc(count * sizeof(Oid));
    Oid* collations = (Oid*)palloc(count * sizeof(Oid));
    bool* nulls_first = (bool*)palloc(count * sizeof(bool));
    for (int i = 0; i < count; i++) {
        plan::OrderColumn column = plan::ReadOrderColumn((List*)list_nth(order, i));
        columns[i] = (AttrNumber)(column.column + 1);
        operators[i] = column.sort_operator;
        collations[i] = column.collation;
        nulls_first[i] = column.nulls_first;
    }
    return tuplesort_begin_heap(desc, count, columns, operators, collations, nulls_first, work_mem, nullptr,
                                TUPLESORT_NONE);
}

static int ShardOf(const TupleTableSlot* row) {
    return DatumGetInt32(row->tts_values[row->tts_tupleDescriptor->natts - 1]);
}

static void EndRound(FirstRows* first) {
    if (first->sorted != nullptr) tuplesort_end(first->sorted);
    if (first->stored != nullptr) tuplestore_end(first->stored);
    first->sorted = nullptr;
    first->stored = nullptr;
}

static int64 FirstLimit(DistributedScanState* state) {
    int number = state->scan.parameter_count + (plan::HasKey(state->scan.pruning) ? 1 : 0);
    bool is_null;
    ExprState* bound = (ExprState*)list_nth(state->expression_states, number);
    Datum value = ExecEvalExprSwitchContext(bound, state->css.ss.ps.ps_ExprContext, &is_null);
    return is_null ? PG_INT64_MAX / 2
                   : Min(PG_INT64_MAX / 2, 2 * Min(DatumGetInt64(value), PG_INT64_MAX / 4) + kFirstRound);
}

static void ReadRound(DistributedScanState* state, FirstRows* first) {
    int shards = catalog::GetTable(state->scan.relid)->group->shard_count;
    memset(first->read, 0, shards * sizeof(int64));
    memset(first->passed, 0, shards * sizeof(int64));
    first->frontier = false;
    if (state->scan.first_rows.order != NIL)
        first->sorted = BeginSort(state->scan.first_rows.order, state->row_desc);
    else
        first->stored = tuplestore_begin_heap(false, false, work_mem);
    MemoryContextReset(state->run_context);
    state->row_limit = first->limit;
    StartRun(state);
    TupleTableSlot* row = state->fetched;
    while (TaskRunNext(state->run, row)) {
        CHECK_FOR_INTERRUPTS();
        first->read[ShardOf(row)]++;
        if (first->sorted != nullptr)
            tuplesort_puttupleslot(first->sorted, row);
        else
            tuplestore_puttupleslot(first->stored, row);
    }
    StopRun(state);
    if (first->sorted != nullptr) tuplesort_performsort(first->sorted);
}

// Has some shard more than it was asked for?
static bool HasMore(const DistributedScanState* state, const FirstRows* first) {
    int shards = catalog::GetTable(state->scan.relid)->group->shard_count;
    for (int i = 0; i < shards; i++)
        if (first->read[i] >= first->limit) return true;
    return false;
}

static bool StartRound(DistributedScanState* state, FirstRows* first) {
    if (first->limit == 0)
        first->limit = FirstLimit(state);
    else if (HasMore(state, first))
        first->limit = Min(first->limit, PG_INT64_MAX / 2 / kMoreEachRound) * kMoreEachRound;
    else
        return false;
    EndRound(first);
    ReadRound(state, first);
    return true;
}

// ---- rows ----

static bool NextOfRound(FirstRows* first) {
    if (first->frontier) return false;
    if (first->sorted != nullptr) return tuplesort_gettupleslot(first->sorted, true, false, first->row, nullptr);
    return first->stored != nullptr && tuplestore_gettupleslot(first->stored, true, false, first->row);
}

// After the last row that a shard has sent, others of it may come before those of other shards.
static void Pass(FirstRows* first, int shard) {
    first->frontier = ++first->passed[shard] == first->read[shard] && first->read[shard] >= first->limit;
}

static bool IsNew(FirstRows* first, const TupleTableSlot* row, int shard) {
    RowKey key;
    memset(&key, 0, sizeof(key));
    key.shard = shard;
    key.ctid = *(ItemPointer)DatumGetPointer(row->tts_values[row->tts_tupleDescriptor->natts - 2]);
    bool found;
    hash_search(first->given, &key, HASH_ENTER, &found);
    return !found;
}

bool NextFirstRow(DistributedScanState* state, TupleTableSlot* target) {
    MemoryContext caller = MemoryContextSwitchTo(state->css.ss.ps.state->es_query_cxt);
    if (state->first_rows == nullptr) state->first_rows = MakeFirstRows(state);
    FirstRows* first = state->first_rows;
    bool is_new = false;
    while (!is_new) {
        if (!NextOfRound(first)) {
            if (StartRound(state, first)) continue;
            break;
        }
        slot_getallattrs(first->row);
        int shard = ShardOf(first->row);
        Pass(first, shard);
        is_new = IsNew(first, first->row, shard);
    }
    MemoryContextSwitchTo(caller);
    if (is_new) ShareRow(first->row, target);
    return is_new;
}

void EndFirstRows(DistributedScanState* state) {
    if (state->first_rows == nullptr) return;
    EndRound(state->first_rows);
    ExecDropSingleTupleTableSlot(state->first_rows->row);
    hash_destroy(state->first_rows->given);
    state->first_rows = nullptr;
}

}  // namespace herd::executor
