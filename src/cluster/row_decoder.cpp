#include "cluster/row_decoder.h"

#include "postgres/error.h"

extern "C" {
#include <access/htup_details.h>
#include <access/transam.h>
#include <catalog/pg_type.h>
#include <mb/pg_wchar.h>
#include <port/pg_bswap.h>
#include <utils/builtins.h>
#include <utils/jsonb.h>
#include <utils/lsyscache.h>
#include <utils/syscache.h>
#include <utils/uuid.h>
}

namespace herd::cluster {

namespace {

enum class Decode : uint8 {
    kDropped,
    kByte,
    kInt16,
    kInt32,
    kUInt32,
    kInt64,
    kVarlena,  // the bytes are the contents: text and its like, bytea
    kUuid,
    kJsonb,
    kReceive,
    kInput,
};

struct Column {
    Decode decode;
    Oid io_parameter;
    int32 typmod;
    FmgrInfo function;
};

// Types whose binary form needs no function. Text goes this way for another reason too: the receive functions of
// text convert from the encoding of *our* client, but a node sends the database's.
Decode DirectDecode(Oid type) {
    switch (type) {
        case BOOLOID:
        case CHAROID:
            return Decode::kByte;
        case INT2OID:
            return Decode::kInt16;
        case INT4OID:
        case FLOAT4OID:
        case DATEOID:
            return Decode::kInt32;
        case OIDOID:
        case XIDOID:
        case CIDOID:
            return Decode::kUInt32;
        case INT8OID:
        case FLOAT8OID:
        case TIMEOID:
        case TIMESTAMPOID:
        case TIMESTAMPTZOID:
        case MONEYOID:
            return Decode::kInt64;
        case TEXTOID:
        case VARCHAROID:
        case BPCHAROID:
        case JSONOID:
        case BYTEAOID:
            return Decode::kVarlena;
        case UUIDOID:
            return Decode::kUuid;
        case JSONBOID:
            return Decode::kJsonb;
        case NAMEOID:
            return Decode::kInput;  // the binary form is the text
        default:
            return Decode::kReceive;
    }
}

// Their binary form holds OIDs of the node, or there is none.
bool IsLocalAlias(Oid type) {
    switch (type) {
        case REGPROCOID:
        case REGPROCEDUREOID:
        case REGOPEROID:
        case REGOPERATOROID:
        case REGCLASSOID:
        case REGTYPEOID:
        case REGROLEOID:
        case REGNAMESPACEOID:
        case REGCONFIGOID:
        case REGDICTIONARYOID:
        case REGCOLLATIONOID:
        case ACLITEMOID:
            return true;
        default:
            return false;
    }
}

bool IsPlainBuiltin(Oid type, char kind) {
    return type < FirstGenbkiObjectId && !IsLocalAlias(type) &&
           (kind == TYPTYPE_BASE || kind == TYPTYPE_RANGE || kind == TYPTYPE_MULTIRANGE);
}

bool HasReceive(Oid type) {
    HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
    if (!HeapTupleIsValid(tuple)) return false;
    bool has = OidIsValid(reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple))->typreceive);
    ReleaseSysCache(tuple);
    return has;
}

// How a value of this base type is decoded from binary; nothing if it must travel as text.
std::optional<Decode> BinaryDecode(Oid type) {
    Decode direct = DirectDecode(type);
    if (direct != Decode::kReceive) return direct;
    char kind = get_typtype(type);
    if (kind == TYPTYPE_ENUM) return Decode::kInput;  // the binary form is the label
    if (!IsPlainBuiltin(type, kind) || !HasReceive(type)) return std::nullopt;
    Oid element = get_element_type(type);
    if (OidIsValid(element) && !(IsPlainBuiltin(element, get_typtype(element)) && HasReceive(element)))
        return std::nullopt;
    return Decode::kReceive;
}

void SetFunction(Column* column, Oid type, int32 typmod) {
    Oid function;
    if (column->decode == Decode::kReceive)
        getTypeBinaryInputInfo(type, &function, &column->io_parameter);
    else
        getTypeInputInfo(type, &function, &column->io_parameter);
    column->typmod = typmod;
    fmgr_info(function, &column->function);
}

bool ChooseBinary(TupleDesc row_desc, Column* columns) {
    for (int i = 0; i < row_desc->natts; i++) {
        Form_pg_attribute attribute = TupleDescAttr(row_desc, i);
        if (attribute->attisdropped) continue;
        Decode direct = DirectDecode(attribute->atttypid);
        std::optional<Decode> decode =
            direct != Decode::kReceive ? direct : BinaryDecode(getBaseType(attribute->atttypid));
        if (!decode) return false;
        columns[i].decode = *decode;
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
        if (attribute->attisdropped) {
            columns[i].decode = Decode::kDropped;
            continue;
        }
        decoder->live_count++;
        if (!decoder->binary) columns[i].decode = Decode::kInput;
        if (columns[i].decode < Decode::kReceive) continue;
        int32 typmod = attribute->atttypmod;
        Oid type = getBaseTypeAndTypmod(attribute->atttypid, &typmod);
        SetFunction(&columns[i], type, typmod);
    }
    return decoder;
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

// Receive functions convert text from our client's encoding; pretend that it is the database's.
void ReceiveInServerEncoding(ReceiveCall* call) {
    int client_encoding = pg_get_client_encoding();
    SetClientEncoding(GetDatabaseEncoding());
    ErrorData* error = postgres::CatchError(Receive, call);
    SetClientEncoding(client_encoding);
    if (error != nullptr) ReThrowError(error);
}

Datum CallReceive(Column* column, const WireValue& wire) {
    StringInfoData bytes;
    bytes.data = const_cast<char*>(wire.data);
    bytes.len = wire.length;
    bytes.maxlen = wire.length + 1;
    bytes.cursor = 0;
    ReceiveCall call{column, &bytes, 0};
    if (pg_get_client_encoding() == GetDatabaseEncoding())
        Receive(&call);
    else
        ReceiveInServerEncoding(&call);
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
    switch (column->decode) {
        case Decode::kByte:
            return CharGetDatum(Load<char>(wire));
        case Decode::kInt16:
            return Int16GetDatum(static_cast<int16>(pg_ntoh16(Load<uint16>(wire))));
        case Decode::kInt32:
            return Int32GetDatum(static_cast<int32>(pg_ntoh32(Load<uint32>(wire))));
        case Decode::kUInt32:
            return UInt32GetDatum(pg_ntoh32(Load<uint32>(wire)));
        case Decode::kInt64:
            return Int64GetDatum(static_cast<int64>(pg_ntoh64(Load<uint64>(wire))));
        case Decode::kVarlena:
            return MakeVarlena(wire);
        case Decode::kUuid:
            return MakeUuid(wire);
        case Decode::kJsonb:
            return DecodeJsonb(wire);
        case Decode::kReceive:
            return CallReceive(column, wire);
        case Decode::kInput:
            return InputFunctionCall(&column->function, const_cast<char*>(wire.data), column->io_parameter,
                                     column->typmod);
        case Decode::kDropped:
            break;
    }
    return 0;
}

}  // namespace

uint64 DecodeRow(RowDecoder* decoder, const WireValue* wire, Datum* values, bool* isnull) {
    uint64 bytes = 0;
    for (int i = 0; i < decoder->row_desc->natts; i++) {
        Column* column = &decoder->columns[i];
        bool dropped = column->decode == Decode::kDropped;
        const WireValue* value = dropped && decoder->dropped_left_out ? nullptr : wire++;
        isnull[i] = dropped || value->data == nullptr;
        if (!isnull[i]) bytes += value->length;
        values[i] = isnull[i] ? 0 : DecodeValue(column, *value);
    }
    return bytes;
}

}  // namespace herd::cluster
