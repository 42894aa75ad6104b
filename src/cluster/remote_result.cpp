#include "cluster/remote_result.h"

extern "C" {
#include <catalog/pg_type.h>
#include <executor/executor.h>
#include <miscadmin.h>
#include <utils/builtins.h>
}

namespace herd::cluster {

namespace {

// Rows put aside stay in wire form, each value with its terminating zero: decoding may need catalogs, and this may
// have to be done while a subtransaction aborts.
TupleDesc MakeWireDesc(int column_count) {
    TupleDesc desc = CreateTemplateTupleDesc(column_count);
    for (int i = 0; i < column_count; i++)
        TupleDescInitBuiltinEntry(desc, static_cast<AttrNumber>(i + 1), "value", TEXTOID, -1, 0);
    return desc;
}

void BeginSpilling(RemoteResult* result) {
    MemoryContext caller = MemoryContextSwitchTo(result->context);
    ResourceOwner caller_owner = CurrentResourceOwner;
    CurrentResourceOwner = result->owner;
    result->spilled = tuplestore_begin_heap(false, false, work_mem);
    CurrentResourceOwner = caller_owner;
    if (result->spilled_slot == nullptr)
        result->spilled_slot =
            MakeSingleTupleTableSlot(MakeWireDesc(WireColumnCount(result->decoder)), &TTSOpsMinimalTuple);
    MemoryContextSwitchTo(caller);
}

void EndSpilling(RemoteResult* result) {
    if (result->spilled == nullptr) return;
    Tuplestorestate* store = result->spilled;
    result->spilled = nullptr;
    tuplestore_end(store);
}

void PutRowAside(RemoteResult* result, const PGresult* rows, int row) {
    int count = WireColumnCount(result->decoder);
    auto* values = static_cast<Datum*>(palloc(sizeof(Datum) * (count + 1)));
    auto* isnull = static_cast<bool*>(palloc(sizeof(bool) * (count + 1)));
    for (int i = 0; i < count; i++) {
        isnull[i] = PQgetisnull(rows, row, i);
        values[i] =
            isnull[i]
                ? 0
                : PointerGetDatum(cstring_to_text_with_len(PQgetvalue(rows, row, i), PQgetlength(rows, row, i) + 1));
    }
    tuplestore_putvalues(result->spilled, result->spilled_slot->tts_tupleDescriptor, values, isnull);
}

// Not in row_context: the reader may still look at the row that it was given last.
void PutAside(RemoteResult* result, const PGresult* rows) {
    if (result->next_row >= PQntuples(rows)) return;  // the end of a result in single-row mode has none
    if (result->spilled == nullptr) BeginSpilling(result);
    MemoryContext scratch = AllocSetContextCreate(result->context, "herd rows put aside", ALLOCSET_SMALL_SIZES);
    MemoryContext caller = MemoryContextSwitchTo(scratch);
    for (int row = result->next_row; row < PQntuples(rows); row++) PutRowAside(result, rows, row);
    MemoryContextSwitchTo(caller);
    MemoryContextDelete(scratch);
}

bool LoadSpilledRow(RemoteResult* result) {
    if (result->spilled == nullptr) return false;
    TupleTableSlot* slot = result->spilled_slot;
    if (!tuplestore_gettupleslot(result->spilled, true, false, slot)) {
        EndSpilling(result);  // a read position at the end would skip rows added later
        return false;
    }
    slot_getallattrs(slot);
    for (int i = 0; i < slot->tts_tupleDescriptor->natts; i++) {
        if (slot->tts_isnull[i]) {
            result->wire[i] = {nullptr, 0};
            continue;
        }
        text* value = DatumGetTextPP(slot->tts_values[i]);
        result->wire[i] = {VARDATA_ANY(value), static_cast<int>(VARSIZE_ANY_EXHDR(value)) - 1};
    }
    return true;
}

bool HasReceivedRow(const RemoteResult* result) {
    return result->rows != nullptr && result->next_row < PQntuples(result->rows);
}

bool LoadReceivedRow(RemoteResult* result) {
    if (!HasReceivedRow(result)) return false;
    int row = result->next_row++;
    for (int i = 0; i < WireColumnCount(result->decoder); i++)
        result->wire[i] = PQgetisnull(result->rows, row, i)
                              ? WireValue{nullptr, 0}
                              : WireValue{PQgetvalue(result->rows, row, i), PQgetlength(result->rows, row, i)};
    return true;
}

// Outlives the row that it came with.
void CopyPacked(RemoteResult* result) {
    size_t length = result->packed.end - result->packed.at;
    if (length == 0) return;
    auto* bytes = static_cast<char*>(MemoryContextAlloc(result->context, length));
    memcpy(bytes, result->packed.at, length);
    if (result->packed_bytes != nullptr) pfree(result->packed_bytes);
    result->packed_bytes = bytes;
    result->packed = {bytes, bytes + length};
}

bool LoadPackedRow(RemoteResult* result) {
    if (result->packed.empty()) return false;
    for (int i = 0; i < WireColumnCount(result->decoder); i++) {
        PackedValue value;
        if (!TakePackedValue(&result->packed, &value))
            ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION), errmsg("a node sent malformed rows")));
        result->wire[i] = {value.data, value.length};
    }
    return true;
}

// The next row that is here, in wire form.
bool LoadRow(RemoteResult* result) {
    if (result->packs_rows && LoadPackedRow(result)) return true;
    bool spilled = LoadSpilledRow(result);
    if (!spilled && !LoadReceivedRow(result)) return false;
    if (!result->packs_rows) return true;
    result->packed = {result->wire[0].data, result->wire[0].data + result->wire[0].length};
    if (spilled) CopyPacked(result);  // the tuplestore may move its rows
    return LoadPackedRow(result);
}

void FreeRows(RemoteResult* result) {
    PQclear(result->rows);
    result->rows = nullptr;
    result->next_row = 0;
}

void KeepText(RemoteResult* result, const PGresult* rows) {
    if (result->text == nullptr && PQntuples(rows) > 0 && PQnfields(rows) > 0 && !PQgetisnull(rows, 0, 0))
        result->text = MemoryContextStrdup(result->context, PQgetvalue(rows, 0, 0));
}

}  // namespace

void InitRemoteResult(RemoteResult* result, MemoryContext context, TupleDesc row_desc) {
    MemoryContext caller = MemoryContextSwitchTo(context);
    result->context = context;
    result->owner = CurrentResourceOwner;
    if (row_desc != nullptr) {
        result->row_context = AllocSetContextCreate(context, "herd remote row", ALLOCSET_SMALL_SIZES);
        result->decoder = MakeRowDecoder(row_desc);
        result->wire = static_cast<WireValue*>(palloc(sizeof(WireValue) * (row_desc->natts + 1)));
    }
    MemoryContextSwitchTo(caller);
}

void ReleaseRemoteResult(RemoteResult* result) { FreeRows(result); }

void EndRemoteResult(RemoteResult* result) {
    FreeRows(result);
    EndSpilling(result);
}

bool HasRow(const RemoteResult* result) {
    return HasReceivedRow(result) || result->spilled != nullptr || !result->packed.empty();
}

bool TakeRow(RemoteResult* result, TupleTableSlot* slot) {
    ExecClearTuple(slot);
    MemoryContextReset(result->row_context);
    if (!LoadRow(result)) return false;
    MemoryContext caller = MemoryContextSwitchTo(result->row_context);
    result->bytes += DecodeRow(result->decoder, result->wire, slot->tts_values, slot->tts_isnull);
    MemoryContextSwitchTo(caller);
    ExecStoreVirtualTuple(slot);
    return true;
}

void AddRows(RemoteResult* result, PGresult* rows, bool direct) {
    if (HasReceivedRow(result) && !result->whole && !result->discard) {
        if (PQntuples(rows) == 0) {  // the end of a result in single-row mode
            PQclear(rows);
            return;
        }
        PutAside(result, result->rows);
    }
    if (result->rows != nullptr) CopyPacked(result);
    FreeRows(result);
    if (result->wants_text) KeepText(result, rows);
    if (result->discard || result->decoder == nullptr) {
        PQclear(rows);
        return;
    }
    result->rows = rows;
    CheckColumns(result->decoder, PQnfields(rows));
    if (direct || result->whole) return;
    PutAside(result, rows);
    FreeRows(result);
}

}  // namespace herd::cluster
