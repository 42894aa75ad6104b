#include "executor/scans/row_lookup.h"

#include "executor/scans/row_file.h"
#include "executor/tasks/row_slots.h"
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
    MemoryContext rows_context;  // of those in memory; a child of it
    LookupColumn column;
    FmgrInfo row_hash;
    FmgrInfo value_hash;
    HTAB* buckets;       // null once the rows are on disk
    KeptRow* next;       // of the rows found last
    RowFile* file;       // or null
    bool found_nothing;  // NULL was looked for
    TupleTableSlot* slot;
};

RowLookup* MakeRowLookup(TupleDesc desc, const LookupColumn& column, MemoryContext parent) {
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
    lookup->rows_context = AllocSetContextCreate(context, "herd rows", ALLOCSET_DEFAULT_SIZES);
    control.hcxt = lookup->rows_context;
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
    MemoryContext caller = MemoryContextSwitchTo(lookup->rows_context);
    KeptRow* row = (KeptRow*)palloc(sizeof(KeptRow));
    row->tuple = ExecCopySlotMinimalTuple(slot);
    row->next = bucket->rows;
    bucket->rows = row;
    MemoryContextSwitchTo(caller);
}

static void FileRow(RowLookup* lookup, TupleTableSlot* slot) {
    int column = lookup->column.index;
    slot_getallattrs(slot);
    if (slot->tts_isnull[column]) return;
    AddToRowFile(lookup->file, HashOf(&lookup->row_hash, lookup->column.collation, slot->tts_values[column]), slot);
}

static void MoveToFile(RowLookup* lookup) {
    lookup->file = BeginRowFile(lookup->slot->tts_tupleDescriptor, lookup->context);
    HASH_SEQ_STATUS scan;
    hash_seq_init(&scan, lookup->buckets);
    while (Bucket* bucket = (Bucket*)hash_seq_search(&scan)) {
        for (KeptRow* row = bucket->rows; row != nullptr; row = row->next) {
            ExecStoreMinimalTuple(row->tuple, lookup->slot, false);
            FileRow(lookup, lookup->slot);
        }
    }
    ExecClearTuple(lookup->slot);
    MemoryContextDelete(lookup->rows_context);
    lookup->buckets = nullptr;
}

void AddRows(RowLookup* lookup, TaskRun* run) {
    TupleTableSlot* row = MakeSingleTupleTableSlot(lookup->slot->tts_tupleDescriptor, &TTSOpsVirtual);
    size_t limit = get_hash_memory_limit();
    while (TaskRunNext(run, row)) {
        if (lookup->file != nullptr)
            FileRow(lookup, row);
        else
            KeepRow(lookup, row);
        if (lookup->file == nullptr && MemoryContextMemAllocated(lookup->context, true) > limit) MoveToFile(lookup);
        postgres::FaultPoint("lookup.row");
    }
    ExecDropSingleTupleTableSlot(row);
    if (lookup->file != nullptr) FinishRowFile(lookup->file);
}

bool IsOnDisk(const RowLookup* lookup) { return lookup->file != nullptr; }

void FindRows(RowLookup* lookup, Datum value, bool is_null) {
    lookup->next = nullptr;
    lookup->found_nothing = is_null;
    if (is_null) return;
    uint32 hash = HashOf(&lookup->value_hash, lookup->column.collation, value);
    if (lookup->file != nullptr) return FindInRowFile(lookup->file, hash);
    Bucket* bucket = (Bucket*)hash_search(lookup->buckets, &hash, HASH_FIND, nullptr);
    if (bucket != nullptr) lookup->next = bucket->rows;
}

bool NextFoundRow(RowLookup* lookup, TupleTableSlot* slot) {
    if (lookup->found_nothing) return false;
    if (lookup->file != nullptr) return NextFromRowFile(lookup->file, slot);
    if (lookup->next == nullptr) return false;
    ExecStoreMinimalTuple(lookup->next->tuple, lookup->slot, false);
    lookup->next = lookup->next->next;
    ShareRow(lookup->slot, slot);
    return true;
}

void EndRowLookup(RowLookup* lookup) {
    if (lookup->file != nullptr) EndRowFile(lookup->file);
    ExecDropSingleTupleTableSlot(lookup->slot);
    MemoryContextDelete(lookup->context);
}

}  // namespace herd::executor
