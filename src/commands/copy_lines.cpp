#include <cstring>

#include "commands/copy_rows.h"
#include "commands/portable_input.h"
#include "commands/simple_line.h"
#include "operations/shard_loader.h"

extern "C" {
#include <commands/copyfrom_internal.h>
#include <commands/progress.h>
#include <miscadmin.h>
#include <utils/backend_progress.h>
#include <utils/rel.h>
}

namespace herd::commands {

struct LineReader {
    CopyFromState input;
    const catalog::DistributedTable* table;
    LineSyntax syntax;
    StringInfoData key;  // terminated copy of a simple line's key
    MemoryContext row_context;
    operations::ShardLoad* lines;
    operations::ShardLoad* values;  // for rows with such a field; begun with the first one
};

static int PositionOf(const List* attnums, AttrNumber attno) {
    int position = 0;
    ListCell* cell;
    foreach (cell, attnums) {
        if (lfirst_int(cell) == attno) return position;
        position++;
    }
    return -1;
}

// The field as COPY's own options have it: null or text.
static char* FieldValue(CopyFromState input, int attnum, char* field) {
    if (!input->opts.csv_mode) return field;
    if (field == nullptr && input->opts.force_notnull_flags[attnum - 1]) return input->opts.null_print;
    if (field != nullptr && input->opts.force_null_flags[attnum - 1] && strcmp(field, input->opts.null_print) == 0)
        return nullptr;
    return field;
}

static Datum ConvertField(CopyFromState input, int attnum, char* field, bool* isnull) {
    Form_pg_attribute column = TupleDescAttr(RelationGetDescr(input->rel), attnum - 1);
    char* text = FieldValue(input, attnum, field);
    input->cur_attname = NameStr(column->attname);
    input->cur_attval = text;
    Datum value =
        InputFunctionCall(&input->in_functions[attnum - 1], text, input->typioparams[attnum - 1], column->atttypmod);
    input->cur_attname = nullptr;
    input->cur_attval = nullptr;
    *isnull = text == nullptr;
    return value;
}

// A line with too few fields: an error in one of the fields that are there comes first, as in PostgreSQL.
static void RaiseMissingData(CopyFromState input, char** fields, int field_count) {
    bool isnull;
    for (int i = 0; i < field_count; i++) ConvertField(input, list_nth_int(input->attnumlist, i), fields[i], &isnull);
    Form_pg_attribute column =
        TupleDescAttr(RelationGetDescr(input->rel), list_nth_int(input->attnumlist, field_count) - 1);
    ereport(ERROR, (errcode(ERRCODE_BAD_COPY_FILE_FORMAT),
                    errmsg("missing data for column \"%s\"", NameStr(column->attname))));
}

static void CheckFieldCount(const LineReader* reader, char** fields, int field_count) {
    if (field_count > reader->syntax.field_count)
        ereport(ERROR, (errcode(ERRCODE_BAD_COPY_FILE_FORMAT), errmsg("extra data after last expected column")));
    if (field_count < reader->syntax.field_count) RaiseMissingData(reader->input, fields, field_count);
}

static int ShardIndexOfKey(const LineReader* reader, char* key) {
    const catalog::DistributedTable* table = reader->table;
    bool isnull;
    Datum value = ConvertField(reader->input, table->key_attno, key, &isnull);
    return catalog::ShardIndexOfValue(table, table->key_type, value, isnull);
}

static int ShardIndexOfLine(const LineReader* reader, char** fields) {
    const catalog::DistributedTable* table = reader->table;
    if (table->is_reference()) return 0;
    if (reader->syntax.key_field < 0) return catalog::ShardIndexOfValue(table, table->key_type, 0, true);
    return ShardIndexOfKey(reader, fields[reader->syntax.key_field]);
}

static bool HasWord(const LineReader* reader, char** fields) {
    for (int i = 0; i < reader->syntax.field_count; i++)
        if (reader->syntax.words[i] && fields[i] != nullptr && BeginsWithWord(fields[i])) return true;
    return false;
}

struct Row {
    Datum* values;
    bool* nulls;
};

static Row ConvertLine(CopyFromState input, char** fields) {
    int column_count = RelationGetDescr(input->rel)->natts;
    Row row{static_cast<Datum*>(palloc0(sizeof(Datum) * column_count)),
            static_cast<bool*>(palloc(sizeof(bool) * column_count))};
    memset(row.nulls, true, column_count);
    ListCell* cell;
    foreach (cell, input->attnumlist) {
        int column = lfirst_int(cell) - 1;
        row.values[column] = ConvertField(input, column + 1, fields[foreach_current_index(cell)], &row.nulls[column]);
    }
    return row;
}

static void SendValues(LineReader* reader, const Row* row) {
    if (reader->values == nullptr)
        reader->values = operations::BeginShardLoad(reader->table, reader->input->attnumlist);
    operations::AddRow(reader->values, row->values, row->nulls, reader->input->cur_lineno);
}

static void SendLine(LineReader* reader, int shard_index) {
    CopyFromState input = reader->input;
    operations::AddRawLine(reader->lines, shard_index, input->line_buf.data, input->line_buf.len, input->cur_lineno);
}

// While a line is read, COPY's own context tells errors their place; what sending raises has one of its own.
struct ReadingContext {
    ErrorContextCallback callback;
};

static void EnterReading(ReadingContext* context, CopyFromState input) {
    context->callback = ErrorContextCallback{error_context_stack, CopyFromErrorCallback, input};
    error_context_stack = &context->callback;
}

static void LeaveReading(const ReadingContext* context) { error_context_stack = context->callback.previous; }

// Copies one line; false at the end.
static bool CopyLine(LineReader* reader) {
    ReadingContext context;
    EnterReading(&context, reader->input);
    char** fields;
    int field_count;
    bool found = NextCopyFromRawFields(reader->input, &fields, &field_count);
    if (found) CheckFieldCount(reader, fields, field_count);
    bool as_values = found && HasWord(reader, fields);
    Row row{};
    int shard_index = -1;
    if (as_values)
        row = ConvertLine(reader->input, fields);
    else if (found)
        shard_index = ShardIndexOfLine(reader, fields);
    LeaveReading(&context);
    if (as_values)
        SendValues(reader, &row);
    else if (found)
        SendLine(reader, shard_index);
    return found;
}

// The key of a simple line: null, or its text.
static char* SimpleKey(LineReader* reader, const SimpleLine* line) {
    const CopyFormatOptions* options = &reader->input->opts;
    if (line->key_length == static_cast<size_t>(options->null_print_len) &&
        memcmp(line->key, options->null_print, line->key_length) == 0)
        return nullptr;
    resetStringInfo(&reader->key);
    appendBinaryStringInfo(&reader->key, line->key, static_cast<int>(line->key_length));
    return reader->key.data;
}

static int ShardIndexOfSimpleLine(LineReader* reader, const SimpleLine* line) {
    if (line->key == nullptr) return ShardIndexOfLine(reader, nullptr);
    ReadingContext context;
    EnterReading(&context, reader->input);
    int shard_index = ShardIndexOfKey(reader, SimpleKey(reader, line));
    LeaveReading(&context);
    return shard_index;
}

// Copies a line that PostgreSQL's reader has in its buffer already, if it is a simple one. That reader must have seen a line end, to
// know which kind they are.
static bool CopySimpleLine(LineReader* reader) {
    CopyFromState input = reader->input;
    if (input->eol_type != EOL_NL) return false;
    SimpleLine line;
    if (!FindSimpleLine(reader->syntax, input->input_buf + input->input_buf_index, INPUT_BUF_BYTES(input), &line))
        return false;
    input->input_buf_index += static_cast<int>(line.length) + 1;
    input->cur_lineno++;
    input->line_buf_valid = false;
    int shard_index = ShardIndexOfSimpleLine(reader, &line);
    operations::AddRawLine(reader->lines, shard_index, line.text, line.length, input->cur_lineno);
    return true;
}

static LineSyntax MakeSyntax(CopyFromState input, const catalog::DistributedTable* table) {
    int field_count = list_length(input->attnumlist);
    auto words = static_cast<bool*>(palloc0(sizeof(bool) * (field_count + 1)));
    FindFieldsWithWords(input, table, words);
    int key_field = table->is_reference() ? -1 : PositionOf(input->attnumlist, table->key_attno);
    char quote = input->opts.csv_mode ? input->opts.quote[0] : '\0';
    return LineSyntax{input->opts.delim[0], quote, field_count, key_field, words};
}

uint64 CopyLines(CopyFromState input, const catalog::DistributedTable* table) {
    LineReader reader{};
    reader.input = input;
    reader.table = table;
    reader.syntax = MakeSyntax(input, table);
    initStringInfo(&reader.key);
    reader.row_context = AllocSetContextCreate(CurrentMemoryContext, "herd COPY line", ALLOCSET_DEFAULT_SIZES);
    reader.lines = operations::BeginLineLoad(table, input->attnumlist, LineFormat(input->opts));
    MemoryContext caller = MemoryContextSwitchTo(reader.row_context);
    int64 rows = 0;
    while (CopySimpleLine(&reader) || CopyLine(&reader)) {
        CHECK_FOR_INTERRUPTS();
        MemoryContextReset(reader.row_context);
        pgstat_progress_update_param(PROGRESS_COPY_TUPLES_PROCESSED, ++rows);
    }
    MemoryContextSwitchTo(caller);
    if (reader.values != nullptr) operations::FinishShardLoad(reader.values);
    operations::FinishShardLoad(reader.lines);
    return static_cast<uint64>(rows);
}

}  // namespace herd::commands
