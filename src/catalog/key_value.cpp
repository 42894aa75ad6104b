#include "catalog/key_value.h"

#include "sharding/hash.h"

extern "C" {
#include <access/htup_details.h>
#include <catalog/pg_enum.h>
#include <catalog/pg_type.h>
#include <utils/date.h>
#include <utils/fmgroids.h>
#include <utils/fmgrprotos.h>
#include <utils/lsyscache.h>
#include <utils/pg_locale.h>
#include <utils/syscache.h>
#include <utils/timestamp.h>
#include <utils/uuid.h>
}

namespace herd::catalog {

namespace {

// numeric_send()'s header: digit count, weight, sign, display scale.
constexpr int kNumericWireHeader = 8;

std::optional<KeyClass> BuiltInKeyClass(Oid type) {
    switch (type) {
        case INT2OID:
        case INT4OID:
        case INT8OID:
            return KeyClass::kInteger;
        case FLOAT4OID:
        case FLOAT8OID:
            return KeyClass::kFloat;
        case NUMERICOID:
            return KeyClass::kNumeric;
        case TEXTOID:
        case VARCHAROID:
            return KeyClass::kText;
        case BPCHAROID:
            return KeyClass::kChar;
        case UUIDOID:
            return KeyClass::kUuid;
        case BOOLOID:
            return KeyClass::kBool;
        case DATEOID:
            return KeyClass::kDate;
        case TIMESTAMPOID:
            return KeyClass::kTimestamp;
        case TIMESTAMPTZOID:
            return KeyClass::kTimestampTz;
        case BYTEAOID:
            return KeyClass::kBytea;
        default:
            return std::nullopt;
    }
}

// The class whose values this function of pg_operator.oprcode compares for equality.
std::optional<KeyClass> KeyClassOfEqualityFunction(Oid function) {
    switch (function) {
        case F_INT2EQ:
        case F_INT4EQ:
        case F_INT8EQ:
        case F_INT24EQ:
        case F_INT42EQ:
        case F_INT28EQ:
        case F_INT82EQ:
        case F_INT48EQ:
        case F_INT84EQ:
            return KeyClass::kInteger;
        case F_FLOAT4EQ:
        case F_FLOAT8EQ:
        case F_FLOAT48EQ:
        case F_FLOAT84EQ:
            return KeyClass::kFloat;
        case F_NUMERIC_EQ:
            return KeyClass::kNumeric;
        case F_TEXTEQ:
            return KeyClass::kText;
        case F_BPCHAREQ:
            return KeyClass::kChar;
        case F_UUID_EQ:
            return KeyClass::kUuid;
        case F_BOOLEQ:
            return KeyClass::kBool;
        case F_DATE_EQ:
            return KeyClass::kDate;
        case F_TIMESTAMP_EQ:
            return KeyClass::kTimestamp;
        case F_TIMESTAMPTZ_EQ:
            return KeyClass::kTimestampTz;
        case F_BYTEAEQ:
            return KeyClass::kBytea;
        case F_ENUM_EQ:
            return KeyClass::kEnum;
        default:
            return std::nullopt;
    }
}

// The built-in type below domains; type is of a key class, so anything but itself ends the search.
Oid BaseTypeOfClass(Oid type) {
    Oid base = getBaseType(type);
    if (base == type) elog(ERROR, "type %u is not of the expected key class", type);
    return base;
}

int64 WidenInteger(Oid type, Datum value) {
    switch (type) {
        case INT2OID:
            return DatumGetInt16(value);
        case INT4OID:
            return DatumGetInt32(value);
        case INT8OID:
            return DatumGetInt64(value);
        default:
            return WidenInteger(BaseTypeOfClass(type), value);
    }
}

double WidenFloat(Oid type, Datum value) {
    switch (type) {
        case FLOAT4OID:
            return DatumGetFloat4(value);
        case FLOAT8OID:
            return DatumGetFloat8(value);
        default:
            return WidenFloat(BaseTypeOfClass(type), value);
    }
}

template <class HashFunction>
uint32 HashVarlena(Datum value, HashFunction hash) {
    struct varlena* packed = PG_DETOAST_DATUM_PACKED(value);
    uint32 result = hash(VARDATA_ANY(packed), static_cast<size_t>(VARSIZE_ANY_EXHDR(packed)));
    if (reinterpret_cast<Pointer>(packed) != DatumGetPointer(value)) pfree(packed);
    return result;
}

int16 NetworkInt16(const unsigned char* bytes) { return static_cast<int16>(bytes[0] << 8 | bytes[1]); }

sharding::NumericSign NumericSignOfWire(uint16 sign) {
    switch (sign) {
        case 0x0000:
            return sharding::NumericSign::kPositive;
        case 0x4000:
            return sharding::NumericSign::kNegative;
        case 0xC000:
            return sharding::NumericSign::kNaN;
        case 0xD000:
            return sharding::NumericSign::kInfinity;
        case 0xF000:
            return sharding::NumericSign::kNegativeInfinity;
    }
    elog(ERROR, "unknown sign of a numeric: %x", sign);
    pg_unreachable();
}

// numeric's own layout is private to numeric.c; its binary wire form is public.
uint32 HashNumericDatum(Datum value) {
    bytea* wire = DatumGetByteaPP(DirectFunctionCall1(numeric_send, value));
    auto* bytes = reinterpret_cast<const unsigned char*>(VARDATA_ANY(wire));
    sharding::NumericParts parts{};
    parts.digit_count = static_cast<uint16>(NetworkInt16(bytes));
    parts.weight = NetworkInt16(bytes + 2);
    parts.sign = NumericSignOfWire(static_cast<uint16>(NetworkInt16(bytes + 4)));
    parts.digits = bytes + kNumericWireHeader;
    uint32 result = sharding::HashNumeric(parts);
    pfree(wire);
    return result;
}

uint32 HashEnumLabel(Oid label) {
    HeapTuple tuple = SearchSysCache1(ENUMOID, ObjectIdGetDatum(label));
    if (!HeapTupleIsValid(tuple))
        ereport(ERROR,
                (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION), errmsg("invalid internal value for enum: %u", label)));
    auto* row = reinterpret_cast<Form_pg_enum>(GETSTRUCT(tuple));
    uint32 result = sharding::HashBytes(NameStr(row->enumlabel), strlen(NameStr(row->enumlabel)));
    ReleaseSysCache(tuple);
    return result;
}

}  // namespace

std::optional<KeyClass> FindKeyClass(Oid type) {
    if (auto built_in = BuiltInKeyClass(type)) return built_in;
    Oid base = getBaseType(type);
    if (base != type) return FindKeyClass(base);
    if (type_is_enum(type)) return KeyClass::kEnum;
    return std::nullopt;
}

bool IsKeyEquality(Oid op, Oid collation, KeyClass key_class) {
    if (KeyClassOfEqualityFunction(get_opcode(op)) != key_class) return false;
    return !OidIsValid(collation) || get_collation_isdeterministic(collation);
}

uint32 HashKeyValue(KeyClass key_class, Oid type, Datum value) {
    switch (key_class) {
        case KeyClass::kInteger:
            return sharding::HashInteger(WidenInteger(type, value));
        case KeyClass::kFloat:
            return sharding::HashFloat(WidenFloat(type, value));
        case KeyClass::kNumeric:
            return HashNumericDatum(value);
        case KeyClass::kText:
        case KeyClass::kBytea:
            return HashVarlena(value, sharding::HashBytes);
        case KeyClass::kChar:
            return HashVarlena(value, sharding::HashBlankPadded);
        case KeyClass::kUuid:
            return sharding::HashBytes(DatumGetUUIDP(value), UUID_LEN);
        case KeyClass::kBool:
            return sharding::HashBool(DatumGetBool(value));
        case KeyClass::kDate:
            return sharding::HashInteger(DatumGetDateADT(value));
        case KeyClass::kTimestamp:
            return sharding::HashInteger(DatumGetTimestamp(value));
        case KeyClass::kTimestampTz:
            return sharding::HashInteger(DatumGetTimestampTz(value));
        case KeyClass::kEnum:
            return HashEnumLabel(DatumGetObjectId(value));
    }
    pg_unreachable();
}

}  // namespace herd::catalog
