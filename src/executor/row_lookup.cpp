#include "executor/row_lookup.h"

#include "executor/row_slots.h"
#include "postgres/fault_point.h"

extern "C" {
#include <executor/executor.h>
#include <fmgr.h>
#include <miscadmin.h>
#include <utils/hsearch.h>
#include <utils/lsyscache.h>
#include <utils/memutils.h>
}

namespace herd::executor {

namespace {

struct KeptRow {
    KeptRow* next;
    MinimalTuple tuple;
};

struct Bucket {
    uint32 hash;  // the key
    KeptRow* rows;
};

}  // namespace

struct RowLookup {
    MemoryContext context;
    LookupColumn column;
    FmgrInfo row_hash;
    FmgrInfo value_hash;
    HTAB* buckets;
    KeptRow* next;  // of the rows found last
    TupleTableSlot* slot;
};

static RowLookup* MakeLookup(TupleDesc desc, const LookupColumn& column, MemoryContext parent) {
    MemoryContext context = AllocSetContextCreate(parent, "herd row lookup", ALLOCSET_DEFAULT_SIZES);
    MemoryContext caller = MemoryContextSwitchTo(context);
    RowLookup* lookup = (RowLookup*)palloc0(sizeof(RowLookup));
    lookup->context = context;
    lookup->column = column;
    RegProcedure left, right;
    if (!get_op_hash_functions(column.operator_id, &left, &right))
        elog(ERROR, "could not find hash functions for operator %u", column.operator_id);
    fmgr_info(column.is_left ? left : right, &lookup->row_hash);
    fmgr_info(column.is_left ? right : left, &lookup->value_hash);
    HASHCTL control = {};
    control.keysize = sizeof(uint32);
    control.entrysize = sizeof(Bucket);
    control.hcxt = context;
    lookup->buckets = hash_create("herd row lookup", 1024, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
    lookup->slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
    MemoryContextSwitchTo(caller);
    return lookup;
}

static uint32 HashOf(FmgrInfo* function, Oid collation, Datum value) {
    return DatumGetUInt32(FunctionCall1Coll(function, collation, value));
}

// Rows without a value are equal to nothing.
static void KeepRow(RowLookup* lookup, TupleTableSlot* slot) {
    int column = lookup->column.index;
    if (slot->tts_isnull[column]) return;
    uint32 hash = HashOf(&lookup->row_hash, lookup->column.collation, slot->tts_values[column]);
    bool found;
    Bucket* bucket = (Bucket*)hash_search(lookup->buckets, &hash, HASH_ENTER, &found);
    if (!found) bucket->rows = nullptr;
    MemoryContext caller = MemoryContextSwitchTo(lookup->context);
    KeptRow* row = (KeptRow*)palloc(sizeof(KeptRow));
    row->tuple = ExecCopySlotMinimalTuple(slot);
    row->next = bucket->rows;
    bucket->rows = row;
    MemoryContextSwitchTo(caller);
}

RowLookup* BuildRowLookup(TaskRun* run, TupleDesc desc, const LookupColumn& column, MemoryContext parent) {
    RowLookup* lookup = MakeLookup(desc, column, parent);
    TupleTableSlot* row = MakeSingleTupleTableSlot(desc, &TTSOpsVirtual);
    size_t limit = get_hash_memory_limit();
    bool fits = true;
    while (fits && TaskRunNext(run, row)) {
        KeepRow(lookup, row);
        postgres::FaultPoint("lookup.row");
        fits = MemoryContextMemAllocated(lookup->context, true) <= limit;
    }
    ExecDropSingleTupleTableSlot(row);
    if (fits) return lookup;
    EndRowLookup(lookup);
    return nullptr;
}

void FindRows(RowLookup* lookup, Datum value, bool is_null) {
    lookup->next = nullptr;
    if (is_null) return;
    uint32 hash = HashOf(&lookup->value_hash, lookup->column.collation, value);
    Bucket* bucket = (Bucket*)hash_search(lookup->buckets, &hash, HASH_FIND, nullptr);
    if (bucket != nullptr) lookup->next = bucket->rows;
}

bool NextFoundRow(RowLookup* lookup, TupleTableSlot* slot) {
    if (lookup->next == nullptr) return false;
    ExecStoreMinimalTuple(lookup->next->tuple, lookup->slot, false);
    lookup->next = lookup->next->next;
    ShareRow(lookup->slot, slot);
    return true;
}

void EndRowLookup(RowLookup* lookup) {
    ExecDropSingleTupleTableSlot(lookup->slot);
    MemoryContextDelete(lookup->context);
}

}  // namespace herd::executor
