#include <cstring>

#include "catalog/portable_types.h"
#include "operations/shard_copy_format.h"
#include "postgres/server_encoding.h"

extern "C" {
#include <libpq/pqformat.h>
#include <miscadmin.h>
#include <utils/float.h>
#include <utils/guc.h>
#include <utils/lsyscache.h>
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

static bool AllPortable(TupleDesc row_desc, List* attnums) {
    ListCell* cell;
    foreach (cell, attnums)
        if (!catalog::HasPortableBinary(getBaseType(TupleDescAttr(row_desc, lfirst_int(cell) - 1)->atttypid)))
            return false;
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

namespace {

struct EncodeCall {
    RowEncoder* encoder;
    StringInfo out;
    const Datum* values;
    const bool* nulls;
};

void EncodeBinary(void* argument) {
    auto* call = static_cast<EncodeCall*>(argument);
    EncodeBinaryRow(call->encoder, call->out, call->values, call->nulls);
}

}  // namespace

void EncodeRow(RowEncoder* encoder, StringInfo out, const Datum* values, const bool* nulls) {
    MemoryContext caller = MemoryContextSwitchTo(encoder->row_context);
    if (encoder->binary) {
        EncodeCall call{encoder, out, values, nulls};
        postgres::RunInServerEncoding(EncodeBinary, &call);
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
