#include "guard/packed_rows.h"

#include "catalog/binary_forms.h"
#include "guard/guard.h"
#include "postgres/entry.h"

extern "C" {
#include <fmgr.h>
#include <libpq/pqformat.h>
#include <port/pg_bswap.h>
#include <tcop/dest.h>
#include <utils/lsyscache.h>
#include <utils/memutils.h>
}

namespace herd::guard {

using catalog::BinaryForm;

namespace {

// The first messages are small, so that whoever wants few rows gets them soon.
constexpr int kFirstMessageBytes = 512;
constexpr int kMostMessageBytes = 32 * 1024;

struct PackedColumn {
    BinaryForm form;
    FmgrInfo send;  // for those forms that AppendValue() does not make by itself
};

struct PackingReceiver {
    DestReceiver head;  // first
    DestReceiver* receiver;
    int column_count;
    PackedColumn* columns;
    MemoryContext row_context;
    StringInfoData message;
    int header_length;  // of the message, before the rows
    int limit;          // bytes after which it is sent
};

PackingReceiver* Packing(DestReceiver* self) { return reinterpret_cast<PackingReceiver*>(self); }

void BeginMessage(PackingReceiver* packing) {
    resetStringInfo(&packing->message);
    appendStringInfoSpaces(&packing->message, packing->header_length);
}

void SendMessage(PackingReceiver* packing) {
    StringInfo message = &packing->message;
    if (message->len == packing->header_length) return;
    uint16 fields = pg_hton16(static_cast<uint16>(packing->column_count));
    uint32 length = pg_hton32(static_cast<uint32>(message->len - packing->header_length));
    memcpy(message->data, &fields, sizeof(fields));
    memcpy(message->data + sizeof(fields), &length, sizeof(length));
    uint32 null = pg_hton32(static_cast<uint32>(-1));
    for (int i = 1; i < packing->column_count; i++)
        appendBinaryStringInfo(message, reinterpret_cast<char*>(&null), sizeof(null));
    message->cursor = 'D';  // as pq_beginmessage() does
    pq_endmessage_reuse(message);
    packing->limit = Min(packing->limit * 2, kMostMessageBytes);
    BeginMessage(packing);
}

void Append(StringInfo message, const char* data, int length) {
    uint32 network_length = pg_hton32(static_cast<uint32>(length));
    enlargeStringInfo(message, length + static_cast<int>(sizeof(network_length)) + 1);
    char* out = message->data + message->len;
    memcpy(out, &network_length, sizeof(network_length));
    out += sizeof(network_length);
    memcpy(out, data, length);
    out[length] = '\0';
    message->len += static_cast<int>(sizeof(network_length)) + length + 1;
}

template <class Integer>
void AppendInteger(StringInfo message, Integer network) {
    Append(message, reinterpret_cast<const char*>(&network), static_cast<int>(sizeof(network)));
}

void AppendVarlena(StringInfo message, const varlena* value) {
    Append(message, VARDATA_ANY(value), static_cast<int>(VARSIZE_ANY_EXHDR(value)));
}

void AppendValue(StringInfo message, PackedColumn* column, Datum value) {
    switch (column->form) {
        case BinaryForm::kByte:
            AppendInteger(message, DatumGetUInt8(value));
            return;
        case BinaryForm::kInt16:
            AppendInteger(message, pg_hton16(DatumGetUInt16(value)));
            return;
        case BinaryForm::kInt32:
        case BinaryForm::kUInt32:
            AppendInteger(message, pg_hton32(DatumGetUInt32(value)));
            return;
        case BinaryForm::kInt64:
            AppendInteger(message, pg_hton64(DatumGetUInt64(value)));
            return;
        case BinaryForm::kContents:
            AppendVarlena(message, reinterpret_cast<varlena*>(PG_DETOAST_DATUM_PACKED(value)));
            return;
        default:
            AppendVarlena(message, SendFunctionCall(&column->send, value));
            return;
    }
}

void ReceiveRow(PackingReceiver* packing, TupleTableSlot* slot) {
    slot_getallattrs(slot);
    MemoryContext caller = MemoryContextSwitchTo(packing->row_context);
    StringInfo message = &packing->message;
    uint32 null = pg_hton32(static_cast<uint32>(-1));
    for (int i = 0; i < packing->column_count; i++) {
        if (slot->tts_isnull[i])
            appendBinaryStringInfo(message, reinterpret_cast<char*>(&null), sizeof(null));
        else
            AppendValue(message, &packing->columns[i], slot->tts_values[i]);
    }
    MemoryContextSwitchTo(caller);
    MemoryContextReset(packing->row_context);
    if (message->len >= packing->limit) SendMessage(packing);
}

PackedColumn* MakeColumns(TupleDesc desc) {
    auto* columns = static_cast<PackedColumn*>(palloc0(sizeof(PackedColumn) * desc->natts));
    for (int i = 0; i < desc->natts; i++) {
        Oid type = TupleDescAttr(desc, i)->atttypid;
        columns[i].form = catalog::BinaryFormOf(type);
        if (columns[i].form <= BinaryForm::kContents) continue;
        Oid function;
        bool is_varlena;
        getTypeBinaryOutputInfo(type, &function, &is_varlena);
        fmgr_info(function, &columns[i].send);
    }
    return columns;
}

}  // namespace

extern "C" {

static bool HerdPackRow(TupleTableSlot* slot, DestReceiver* self) {
    return postgres::Enter([&]() -> bool {
        ReceiveRow(Packing(self), slot);
        return true;
    });
}

static void HerdPackingStartup(DestReceiver* self, int operation, TupleDesc row_desc) {
    postgres::Enter([&]() { Packing(self)->receiver->rStartup(Packing(self)->receiver, operation, row_desc); });
}

static void HerdPackingShutdown(DestReceiver* self) {
    postgres::Enter([&]() {
        SendMessage(Packing(self));
        Packing(self)->receiver->rShutdown(Packing(self)->receiver);
    });
}

static void HerdPackingDestroy(DestReceiver*) {}

}  // extern "C"

void PackRows(QueryDesc* query_desc) {
    if (!PacksRows(query_desc) || query_desc->tupDesc->natts == 0) return;
    DestReceiver* receiver = query_desc->dest;
    if (receiver->mydest != DestRemote && receiver->mydest != DestRemoteExecute) return;
    MemoryContext caller = MemoryContextSwitchTo(query_desc->estate->es_query_cxt);
    auto* packing = static_cast<PackingReceiver*>(palloc0(sizeof(PackingReceiver)));
    packing->head = {HerdPackRow, HerdPackingStartup, HerdPackingShutdown, HerdPackingDestroy, receiver->mydest};
    packing->receiver = receiver;
    packing->column_count = query_desc->tupDesc->natts;
    packing->columns = MakeColumns(query_desc->tupDesc);
    packing->row_context = AllocSetContextCreate(CurrentMemoryContext, "herd packed row", ALLOCSET_DEFAULT_SIZES);
    packing->header_length = sizeof(uint16) + sizeof(uint32);
    packing->limit = kFirstMessageBytes;
    initStringInfo(&packing->message);
    BeginMessage(packing);
    query_desc->dest = &packing->head;
    MemoryContextSwitchTo(caller);
}

}  // namespace herd::guard
