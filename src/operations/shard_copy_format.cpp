#include "operations/shard_copy_format.h"

extern "C" {
#include <mb/pg_wchar.h>
#include <nodes/makefuncs.h>
#include <nodes/value.h>
#include <utils/builtins.h>
}

namespace herd::operations {

static const char* FormatName(CopyEncoding encoding) {
    switch (encoding) {
        case CopyEncoding::kText:
            return "text";
        case CopyEncoding::kCsv:
            return "csv";
        case CopyEncoding::kBinary:
            return "binary";
    }
    pg_unreachable();
}

static void AppendNames(StringInfo out, List* names) {
    const char* separator = "";
    ListCell* cell;
    foreach (cell, names) {
        appendStringInfo(out, "%s%s", separator, quote_identifier(static_cast<char*>(lfirst(cell))));
        separator = ", ";
    }
}

static void AppendTextOption(StringInfo out, const char* name, const char* value) {
    if (value != nullptr) appendStringInfo(out, ", %s %s", name, quote_literal_cstr(value));
}

static void AppendNamesOption(StringInfo out, const char* name, List* names) {
    if (names == NIL) return;
    appendStringInfo(out, ", %s (", name);
    AppendNames(out, names);
    appendStringInfoChar(out, ')');
}

char* ShardCopyStatement(const ShardCopyFormat& format, const char* relation_name, List* columns) {
    StringInfoData out;
    initStringInfo(&out);
    appendStringInfo(&out, "COPY %s (", relation_name);
    AppendNames(&out, columns);
    appendStringInfo(&out, ") FROM STDIN WITH (FORMAT %s", FormatName(format.encoding));
    if (format.encoding != CopyEncoding::kBinary) AppendTextOption(&out, "ENCODING", GetDatabaseEncodingName());
    AppendTextOption(&out, "DELIMITER", format.delimiter);
    AppendTextOption(&out, "NULL", format.null_print);
    AppendTextOption(&out, "QUOTE", format.quote);
    AppendTextOption(&out, "ESCAPE", format.escape);
    AppendNamesOption(&out, "FORCE_NOT_NULL", format.force_not_null);
    AppendNamesOption(&out, "FORCE_NULL", format.force_null);
    appendStringInfoChar(&out, ')');
    return out.data;
}

static Node* TextNode(const char* value) { return reinterpret_cast<Node*>(makeString(pstrdup(value))); }

List* ShardCopyColumns(List* columns) {
    List* result = NIL;
    ListCell* cell;
    foreach (cell, columns) result = lappend(result, TextNode(static_cast<char*>(lfirst(cell))));
    return result;
}

static List* WithOption(List* options, const char* name, Node* value) {
    if (value == nullptr) return options;
    return lappend(options, makeDefElem(pstrdup(name), value, -1));
}

static List* WithTextOption(List* options, const char* name, const char* value) {
    return WithOption(options, name, value == nullptr ? nullptr : TextNode(value));
}

List* ShardCopyOptions(const ShardCopyFormat& format) {
    List* options = WithTextOption(NIL, "format", FormatName(format.encoding));
    if (format.encoding != CopyEncoding::kBinary)
        options = WithTextOption(options, "encoding", GetDatabaseEncodingName());
    options = WithTextOption(options, "delimiter", format.delimiter);
    options = WithTextOption(options, "null", format.null_print);
    options = WithTextOption(options, "quote", format.quote);
    options = WithTextOption(options, "escape", format.escape);
    options = WithOption(options, "force_not_null", reinterpret_cast<Node*>(ShardCopyColumns(format.force_not_null)));
    return WithOption(options, "force_null", reinterpret_cast<Node*>(ShardCopyColumns(format.force_null)));
}

}  // namespace herd::operations
