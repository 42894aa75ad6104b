#include "executor/scans/row_file.h"

extern "C" {
#include <catalog/pg_operator_d.h>
#include <catalog/pg_type.h>
#include <executor/executor.h>
#include <miscadmin.h>
#include <storage/buffile.h>
#include <utils/memutils.h>
#include <utils/tuplesort.h>
}

namespace herd::executor {

namespace {

// The first row of a stretch of the file.
struct Mark {
    int32 hash;
    int file_number;
    off_t offset;
};

constexpr int kRowsOfMark = 64;

}  // namespace

struct RowFile {
    MemoryContext context;
    MemoryContext row_context;  // of the row found last
    TupleTableSlot* slot;       // virtual: the hash, then the row's columns
    TupleTableSlot* stored;     // the same as it was sorted or read
    Tuplesortstate* sort;       // until it is finished
    BufFile* file;
    Mark* marks;
    int mark_count;
    int mark_capacity;
    bool searching;
    int32 wanted;
};

static TupleDesc WithHash(TupleDesc row) {
    TupleDesc desc = CreateTemplateTupleDesc(row->natts + 1);
    TupleDescInitEntry(desc, 1, "hash", INT4OID, -1, 0);
    for (int i = 1; i <= row->natts; i++) TupleDescCopyEntry(desc, i + 1, row, i);
    return desc;
}

RowFile* BeginRowFile(TupleDesc desc, MemoryContext context) {
    MemoryContext caller = MemoryContextSwitchTo(context);
    RowFile* file = (RowFile*)palloc0(sizeof(RowFile));
    file->context = context;
    file->row_context = AllocSetContextCreate(context, "herd row from disk", ALLOCSET_DEFAULT_SIZES);
    TupleDesc sorted = WithHash(desc);
    file->slot = MakeSingleTupleTableSlot(sorted, &TTSOpsVirtual);
    file->stored = MakeSingleTupleTableSlot(sorted, &TTSOpsMinimalTuple);
    AttrNumber column = 1;
    Oid operator_id = Int4LessOperator;
    Oid collation = InvalidOid;
    bool nulls_first = false;
    file->sort = tuplesort_begin_heap(sorted, 1, &column, &operator_id, &collation, &nulls_first, work_mem, nullptr,
                                      TUPLESORT_NONE);
    MemoryContextSwitchTo(caller);
    return file;
}

void AddToRowFile(RowFile* file, uint32 hash, TupleTableSlot* row) {
    slot_getallattrs(row);
    ExecClearTuple(file->slot);
    int count = row->tts_tupleDescriptor->natts;
    file->slot->tts_values[0] = Int32GetDatum((int32)hash);
    file->slot->tts_isnull[0] = false;
    memcpy(file->slot->tts_values + 1, row->tts_values, count * sizeof(Datum));
    memcpy(file->slot->tts_isnull + 1, row->tts_isnull, count * sizeof(bool));
    ExecStoreVirtualTuple(file->slot);
    tuplesort_puttupleslot(file->sort, file->slot);
}

static void SetMark(RowFile* file, int32 hash) {
    if (file->mark_count == file->mark_capacity) {
        file->mark_capacity = Max(1024, file->mark_capacity * 2);
        size_t size = file->mark_capacity * sizeof(Mark);
        file->marks = (Mark*)(file->marks == nullptr ? MemoryContextAllocHuge(file->context, size)
                                                     : repalloc_huge(file->marks, size));
    }
    Mark* mark = &file->marks[file->mark_count++];
    mark->hash = hash;
    BufFileTell(file->file, &mark->file_number, &mark->offset);
}

void FinishRowFile(RowFile* file) {
    MemoryContext caller = MemoryContextSwitchTo(file->context);
    tuplesort_performsort(file->sort);
    file->file = BufFileCreateTemp(false);
    for (int64 row = 0; tuplesort_gettupleslot(file->sort, true, false, file->stored, nullptr); row++) {
        CHECK_FOR_INTERRUPTS();
        bool is_null;
        if (row % kRowsOfMark == 0) SetMark(file, DatumGetInt32(slot_getattr(file->stored, 1, &is_null)));
        bool must_free;
        MinimalTuple tuple = ExecFetchSlotMinimalTuple(file->stored, &must_free);
        BufFileWrite(file->file, tuple, tuple->t_len);
        if (must_free) pfree(tuple);
    }
    ExecClearTuple(file->stored);
    tuplesort_end(file->sort);
    file->sort = nullptr;
    MemoryContextSwitchTo(caller);
}

// The last mark before all rows with the hash, or the first one.
static int FindMark(const RowFile* file, int32 hash) {
    int low = 0;
    int high = file->mark_count;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (file->marks[middle].hash < hash)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void FindInRowFile(RowFile* file, uint32 hash) {
    file->wanted = (int32)hash;
    file->searching = file->mark_count > 0;
    if (!file->searching) return;
    const Mark* mark = &file->marks[FindMark(file, file->wanted)];
    if (BufFileSeek(file->file, mark->file_number, mark->offset, SEEK_SET) != 0)
        ereport(ERROR, (errcode_for_file_access(), errmsg("could not seek in temporary file")));
}

static bool ReadRow(RowFile* file) {
    ExecClearTuple(file->stored);
    MemoryContextReset(file->row_context);
    uint32 length;
    size_t got = BufFileRead(file->file, &length, sizeof(length));
    if (got == 0) return false;
    if (got != sizeof(length)) elog(ERROR, "unexpected end of temporary file");
    MinimalTuple tuple = (MinimalTuple)MemoryContextAlloc(file->row_context, length);
    tuple->t_len = length;
    size_t rest = length - sizeof(length);
    if (BufFileRead(file->file, (char*)tuple + sizeof(length), rest) != rest)
        elog(ERROR, "unexpected end of temporary file");
    ExecStoreMinimalTuple(tuple, file->stored, false);
    return true;
}

bool NextFromRowFile(RowFile* file, TupleTableSlot* slot) {
    while (file->searching && ReadRow(file)) {
        bool is_null;
        int32 hash = DatumGetInt32(slot_getattr(file->stored, 1, &is_null));
        if (hash < file->wanted) continue;
        if (hash > file->wanted) break;
        slot_getallattrs(file->stored);
        ExecClearTuple(slot);
        int count = slot->tts_tupleDescriptor->natts;
        memcpy(slot->tts_values, file->stored->tts_values + 1, count * sizeof(Datum));
        memcpy(slot->tts_isnull, file->stored->tts_isnull + 1, count * sizeof(bool));
        ExecStoreVirtualTuple(slot);
        return true;
    }
    file->searching = false;
    return false;
}

void EndRowFile(RowFile* file) {
    if (file->sort != nullptr) tuplesort_end(file->sort);
    if (file->file != nullptr) BufFileClose(file->file);
    ExecDropSingleTupleTableSlot(file->slot);
    ExecDropSingleTupleTableSlot(file->stored);
}

}  // namespace herd::executor
