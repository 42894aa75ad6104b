#include "cluster/row_decoder.h"

#include "cluster/type_decoding.h"
#include "postgres/server_encoding.h"

extern "C" {
#include <catalog/pg_type.h>
#include <port/pg_bswap.h>
#include <utils/builtins.h>
#include <utils/jsonb.h>
#include <utils/lsyscache.h>
#include <utils/uuid.h>
}

namespace herd::cluster {

using catalog::BinaryForm;

namespace {

struct Column {
    bool is_dropped;
    BinaryForm form;
    Oid io_parameter;
    int32 typmod;
    FmgrInfo function;
};

// The input function of a column whose value travels as text.
void SetInput(Column* column, Oid type, int32 typmod) {
    Oid function;
    column->form = BinaryForm::kText;
    column->typmod = typmod;
    getTypeInputInfo(getBaseTypeAndTypmod(type, &column->typmod), &function, &column->io_parameter);
    fmgr_info(function, &column->function);
}

// False if the column's values have no binary form that is the same on all nodes.
bool SetBinary(Column* column, Oid type, int32 typmod) {
    column->form = catalog::BinaryFormOf(type);
    if (NeedsNoFunction(column->form)) return true;
    TypeDecoding decoding = FindTypeDecoding(type);
    if (!decoding.is_binary) return false;
    column->form = decoding.form;
    if (NeedsNoFunction(column->form)) return true;
    column->typmod = decoding.is_domain ? decoding.domain_typmod : typmod;
    column->io_parameter = decoding.io_parameter;
    fmgr_info(decoding.function, &column->function);
    return true;
}

bool ChooseBinary(TupleDesc row_desc, Column* columns) {
    for (int i = 0; i < row_desc->natts; i++) {
        Form_pg_attribute attribute = TupleDescAttr(row_desc, i);
        if (!attribute->attisdropped && !SetBinary(&columns[i], attribute->atttypid, attribute->atttypmod))
            return false;
    }
    return true;
}

}  // namespace

struct RowDecoder {
    TupleDesc row_desc;
    bool binary;
    bool dropped_left_out;  // the node's rows have no columns for our dropped ones
    int live_count;
    int wire_count;
    Column* columns;
};

RowDecoder* MakeRowDecoder(TupleDesc row_desc) {
    auto* decoder = static_cast<RowDecoder*>(palloc(sizeof(RowDecoder)));
    auto* columns = static_cast<Column*>(palloc(sizeof(Column) * (row_desc->natts + 1)));
    *decoder = {row_desc, ChooseBinary(row_desc, columns), false, 0, row_desc->natts, columns};
    for (int i = 0; i < row_desc->natts; i++) {
        Form_pg_attribute attribute = TupleDescAttr(row_desc, i);
        columns[i].is_dropped = attribute->attisdropped;
        if (attribute->attisdropped) continue;
        decoder->live_count++;
        if (!decoder->binary) SetInput(&columns[i], attribute->atttypid, attribute->atttypmod);
    }
    return decoder;
}

bool TravelsBinary(TupleDesc row_desc) {
    auto* columns = static_cast<Column*>(palloc(sizeof(Column) * (row_desc->natts + 1)));
    bool binary = ChooseBinary(row_desc, columns);
    pfree(columns);
    return binary;
}

bool WantsBinary(const RowDecoder* decoder) { return decoder->binary; }

void CheckColumns(RowDecoder* decoder, int column_count) {
    int expected = decoder->row_desc->natts;
    if (column_count != expected && column_count != decoder->live_count)
        ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
                        errmsg("a node sent rows of %d columns where %d were expected", column_count, expected)));
    decoder->wire_count = column_count;
    decoder->dropped_left_out = column_count != expected;
}

int WireColumnCount(const RowDecoder* decoder) { return decoder->wire_count; }

namespace {

template <class Integer>
Integer Load(const WireValue& wire) {
    Integer value;
    if (wire.length != static_cast<int>(sizeof(value)))
        ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
                        errmsg("a node sent %d bytes for a value of %zu", wire.length, sizeof(value))));
    memcpy(&value, wire.data, sizeof(value));
    return value;
}

struct ReceiveCall {
    Column* column;
    StringInfo bytes;
    Datum result;
};

void Receive(void* argument) {
    auto* call = static_cast<ReceiveCall*>(argument);
    call->result =
        ReceiveFunctionCall(&call->column->function, call->bytes, call->column->io_parameter, call->column->typmod);
}

Datum CallReceive(Column* column, const WireValue& wire) {
    StringInfoData bytes;
    bytes.data = const_cast<char*>(wire.data);
    bytes.len = wire.length;
    bytes.maxlen = wire.length + 1;
    bytes.cursor = 0;
    ReceiveCall call{column, &bytes, 0};
    postgres::RunInServerEncoding(Receive, &call);
    return call.result;
}

Datum MakeVarlena(const WireValue& wire) { return PointerGetDatum(cstring_to_text_with_len(wire.data, wire.length)); }

Datum MakeUuid(const WireValue& wire) {
    auto* uuid = static_cast<pg_uuid_t*>(palloc(sizeof(pg_uuid_t)));
    *uuid = Load<pg_uuid_t>(wire);
    return UUIDPGetDatum(uuid);
}

Datum DecodeJsonb(const WireValue& wire) {
    if (wire.length < 1 || wire.data[0] != 1)
        ereport(ERROR,
                (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION), errmsg("a node sent jsonb in an unknown version")));
    return DirectFunctionCall1(jsonb_in, CStringGetDatum(wire.data + 1));
}

Datum DecodeValue(Column* column, const WireValue& wire) {
    switch (column->form) {
        case BinaryForm::kByte:
            return CharGetDatum(Load<char>(wire));
        case BinaryForm::kInt16:
            return Int16GetDatum(static_cast<int16>(pg_ntoh16(Load<uint16>(wire))));
        case BinaryForm::kInt32:
            return Int32GetDatum(static_cast<int32>(pg_ntoh32(Load<uint32>(wire))));
        case BinaryForm::kUInt32:
            return UInt32GetDatum(pg_ntoh32(Load<uint32>(wire)));
        case BinaryForm::kInt64:
            return Int64GetDatum(static_cast<int64>(pg_ntoh64(Load<uint64>(wire))));
        case BinaryForm::kContents:
            return MakeVarlena(wire);
        case BinaryForm::kUuid:
            return MakeUuid(wire);
        case BinaryForm::kJsonb:
            return DecodeJsonb(wire);
        case BinaryForm::kOther:
            return CallReceive(column, wire);
        case BinaryForm::kText:
            return InputFunctionCall(&column->function, const_cast<char*>(wire.data), column->io_parameter,
                                     column->typmod);
    }
    return 0;
}

}  // namespace

uint64 DecodeRow(RowDecoder* decoder, const WireValue* wire, Datum* values, bool* isnull) {
    uint64 bytes = 0;
    for (int i = 0; i < decoder->row_desc->natts; i++) {
        Column* column = &decoder->columns[i];
        bool dropped = column->is_dropped;
        const WireValue* value = dropped && decoder->dropped_left_out ? nullptr : wire++;
        isnull[i] = dropped || value->data == nullptr;
        if (!isnull[i]) bytes += value->length;
        values[i] = isnull[i] ? 0 : DecodeValue(column, *value);
    }
    return bytes;
}

}  // namespace herd::cluster
