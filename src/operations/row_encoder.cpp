#include <cstring>

#include "operations/shard_copy_format.h"

extern "C" {
#include <access/htup_details.h>
#include <access/transam.h>
#include <catalog/pg_type.h>
#include <libpq/pqformat.h>
#include <miscadmin.h>
#include <utils/float.h>
#include <utils/guc.h>
#include <utils/lsyscache.h>
#include <utils/syscache.h>
}

namespace herd::operations {

struct ColumnEncoder {
    int index;  // attribute number - 1
    FmgrInfo function;
};

struct RowEncoder {
    bool binary;
    int column_count;
    ColumnEncoder* columns;
    MemoryContext row_context;
};

static Form_pg_type TypeForm(HeapTuple tuple) { return reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple)); }

// oid, regclass and their like: the number means another object on another node.
static bool HoldsOid(Oid type, char category) {
    if (category != TYPCATEGORY_NUMERIC) return false;
    return type != INT2OID && type != INT4OID && type != INT8OID && type != FLOAT4OID && type != FLOAT8OID &&
           type != NUMERICOID && type != MONEYOID;
}

static bool IsPortableScalar(Oid type, Form_pg_type form) {
    if (!OidIsValid(form->typsend) || !OidIsValid(form->typreceive)) return false;
    if (form->typtype == TYPTYPE_ENUM) return true;  // travels as its label
    if (type >= FirstNormalObjectId || HoldsOid(type, form->typcategory)) return false;
    return form->typtype == TYPTYPE_BASE || form->typtype == TYPTYPE_RANGE || form->typtype == TYPTYPE_MULTIRANGE;
}

// Arrays name their element type by OID in binary form, so built-in elements only.
static bool HasPortableBinary(Oid type) {
    type = getBaseType(type);
    Oid element = get_element_type(type);
    if (OidIsValid(element) && element >= FirstNormalObjectId) return false;
    Oid scalar = OidIsValid(element) ? element : type;
    HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(scalar));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for type %u", scalar);
    bool portable = IsPortableScalar(scalar, TypeForm(tuple));
    ReleaseSysCache(tuple);
    return portable;
}

static bool AllPortable(TupleDesc row_desc, List* attnums) {
    ListCell* cell;
    foreach (cell, attnums)
        if (!HasPortableBinary(TupleDescAttr(row_desc, lfirst_int(cell) - 1)->atttypid)) return false;
    return true;
}

RowEncoder* MakeRowEncoder(TupleDesc row_desc, List* attnums) {
    auto encoder = static_cast<RowEncoder*>(palloc0(sizeof(RowEncoder)));
    encoder->binary = AllPortable(row_desc, attnums);
    encoder->columns = static_cast<ColumnEncoder*>(palloc0(sizeof(ColumnEncoder) * (list_length(attnums) + 1)));
    encoder->row_context = AllocSetContextCreate(CurrentMemoryContext, "herd encoded row", ALLOCSET_SMALL_SIZES);
    ListCell* cell;
    foreach (cell, attnums) {
        ColumnEncoder* column = &encoder->columns[encoder->column_count++];
        column->index = lfirst_int(cell) - 1;
        Oid type = TupleDescAttr(row_desc, column->index)->atttypid;
        Oid function;
        bool is_varlena;
        if (encoder->binary)
            getTypeBinaryOutputInfo(type, &function, &is_varlena);
        else
            getTypeOutputInfo(type, &function, &is_varlena);
        fmgr_info(function, &column->function);
    }
    return encoder;
}

ShardCopyFormat RowEncoderFormat(const RowEncoder* encoder) {
    ShardCopyFormat format{};
    format.encoding = encoder->binary ? CopyEncoding::kBinary : CopyEncoding::kText;
    return format;
}

static void AppendInt16(StringInfo out, int16 value) {
    uint16 wire = pg_hton16(static_cast<uint16>(value));
    appendBinaryStringInfo(out, reinterpret_cast<char*>(&wire), sizeof(wire));
}

static void AppendInt32(StringInfo out, int32 value) {
    uint32 wire = pg_hton32(static_cast<uint32>(value));
    appendBinaryStringInfo(out, reinterpret_cast<char*>(&wire), sizeof(wire));
}

static void AppendBinaryValue(StringInfo out, FmgrInfo* function, Datum value) {
    bytea* bytes = SendFunctionCall(function, value);
    AppendInt32(out, static_cast<int32>(VARSIZE(bytes) - VARHDRSZ));
    appendBinaryStringInfo(out, VARDATA(bytes), static_cast<int>(VARSIZE(bytes) - VARHDRSZ));
}

static void EncodeBinaryRow(RowEncoder* encoder, StringInfo out, const Datum* values, const bool* nulls) {
    AppendInt16(out, static_cast<int16>(encoder->column_count));
    for (int i = 0; i < encoder->column_count; i++) {
        ColumnEncoder* column = &encoder->columns[i];
        if (nulls[column->index])
            AppendInt32(out, -1);
        else
            AppendBinaryValue(out, &column->function, values[column->index]);
    }
}

static char EscapeLetter(char c) {
    switch (c) {
        case '\n':
            return 'n';
        case '\r':
            return 'r';
        case '\t':
            return 't';
        case '\\':
            return '\\';
        default:
            return 0;
    }
}

static void AppendEscaped(StringInfo out, const char* text) {
    const char* rest = text;
    for (;;) {
        size_t plain = strcspn(rest, "\n\r\t\\");
        appendBinaryStringInfo(out, rest, static_cast<int>(plain));
        rest += plain;
        if (*rest == '\0') return;
        appendStringInfoChar(out, '\\');
        appendStringInfoChar(out, EscapeLetter(*rest++));
    }
}

static void EncodeTextRow(RowEncoder* encoder, StringInfo out, const Datum* values, const bool* nulls) {
    for (int i = 0; i < encoder->column_count; i++) {
        ColumnEncoder* column = &encoder->columns[i];
        if (i > 0) appendStringInfoChar(out, '\t');
        if (nulls[column->index])
            appendStringInfoString(out, "\\N");
        else
            AppendEscaped(out, OutputFunctionCall(&column->function, values[column->index]));
    }
    appendStringInfoChar(out, '\n');
}

// Output that reads back as the same value whatever the settings of the node.
static int BeginPortableOutput() {
    int level = NewGUCNestLevel();
    auto set = [](const char* name, const char* value) {
        set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
    };
    if (DateStyle != USE_ISO_DATES) set("datestyle", "ISO");
    if (IntervalStyle != INTSTYLE_POSTGRES) set("intervalstyle", "postgres");
    if (extra_float_digits < 1) set("extra_float_digits", "3");
    return level;
}

void EncodeRow(RowEncoder* encoder, StringInfo out, const Datum* values, const bool* nulls) {
    MemoryContext caller = MemoryContextSwitchTo(encoder->row_context);
    if (encoder->binary) {
        EncodeBinaryRow(encoder, out, values, nulls);
    } else {
        int level = BeginPortableOutput();
        EncodeTextRow(encoder, out, values, nulls);
        AtEOXact_GUC(true, level);
    }
    MemoryContextSwitchTo(caller);
    MemoryContextReset(encoder->row_context);
}

static const char kBinarySignature[] = "PGCOPY\n\377\r\n";  // 11 bytes with its zero

void BeginCopyData(const ShardCopyFormat& format, StringInfo out) {
    if (format.encoding != CopyEncoding::kBinary) return;
    appendBinaryStringInfo(out, kBinarySignature, sizeof(kBinarySignature));
    AppendInt32(out, 0);  // flags
    AppendInt32(out, 0);  // length of the header's extension
}

void EndCopyData(const ShardCopyFormat& format, StringInfo out) {
    if (format.encoding == CopyEncoding::kBinary) AppendInt16(out, -1);
}

}  // namespace herd::operations
