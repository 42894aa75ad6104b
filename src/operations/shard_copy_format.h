// How the rows of one COPY to a shard relation look: the options of the COPY statement on the node, and the encoding of rows
// that we have as values.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <access/tupdesc.h>
}

namespace herd::operations {

enum class CopyEncoding : uint8 { kText, kCsv, kBinary };

struct ShardCopyFormat {
    CopyEncoding encoding;
    // Text and CSV only, in the server's encoding; null: COPY's default.
    const char* delimiter;
    const char* null_print;
    // CSV only.
    const char* quote;
    const char* escape;
    List* force_not_null;  // column names (char*)
    List* force_null;
};

// "COPY herd_102_1.orders (a, b) FROM STDIN WITH (…)". columns: names (char*).
char* ShardCopyStatement(const ShardCopyFormat& format, const char* relation_name, List* columns);

// The same options for BeginCopyFrom(), and the columns as it wants them (Strings).
List* ShardCopyOptions(const ShardCopyFormat& format);
List* ShardCopyColumns(List* columns);

// Encodes values of the given columns: binary if every column's type means the same bytes on every node, else COPY's default text.
struct RowEncoder;
RowEncoder* MakeRowEncoder(TupleDesc row_desc, List* attnums);
ShardCopyFormat RowEncoderFormat(const RowEncoder* encoder);
// values and nulls are indexed by attribute number - 1.
void EncodeRow(RowEncoder* encoder, StringInfo out, const Datum* values, const bool* nulls);

// What a COPY's data begins and ends with in this encoding.
void BeginCopyData(const ShardCopyFormat& format, StringInfo out);
void EndCopyData(const ShardCopyFormat& format, StringInfo out);

}  // namespace herd::operations
