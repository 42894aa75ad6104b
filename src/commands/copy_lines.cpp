#include <cstring>

#include "commands/copy_rows.h"
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
    int column_count;
    int key_field;  // position of the key among the fields, -1 if it isn't given
    MemoryContext key_context;
};

bool CanCopyLines(CopyFromState input) {
    return !input->opts.binary && input->num_defaults == 0 && input->whereClause == nullptr;
}

static List* ColumnNames(const List* strings) {
    List* names = NIL;
    ListCell* cell;
    foreach (cell, strings) names = lappend(names, strVal(lfirst(cell)));
    return names;
}

operations::ShardCopyFormat LineFormat(const CopyFormatOptions& options) {
    operations::ShardCopyFormat format{};
    format.encoding = options.csv_mode ? operations::CopyEncoding::kCsv : operations::CopyEncoding::kText;
    format.delimiter = options.delim;
    format.null_print = options.null_print;
    if (!options.csv_mode) return format;
    format.quote = options.quote;
    format.escape = options.escape;
    format.force_not_null = ColumnNames(options.force_notnull);
    format.force_null = ColumnNames(options.force_null);
    return format;
}

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
    if (field_count > reader->column_count)
        ereport(ERROR, (errcode(ERRCODE_BAD_COPY_FILE_FORMAT), errmsg("extra data after last expected column")));
    if (field_count < reader->column_count) RaiseMissingData(reader->input, fields, field_count);
}

static int ShardIndexOfLine(LineReader* reader, char** fields) {
    const catalog::DistributedTable* table = reader->table;
    if (table->is_reference()) return 0;
    if (reader->key_field < 0) return catalog::ShardIndexOfValue(table, table->key_type, 0, true);
    MemoryContext caller = MemoryContextSwitchTo(reader->key_context);
    bool isnull;
    Datum key = ConvertField(reader->input, table->key_attno, fields[reader->key_field], &isnull);
    int shard_index = catalog::ShardIndexOfValue(table, table->key_type, key, isnull);
    MemoryContextSwitchTo(caller);
    MemoryContextReset(reader->key_context);
    return shard_index;
}

// Reads one line; false at the end. Errors tell the line by COPY's own context.
static bool ReadLine(LineReader* reader, int* shard_index) {
    ErrorContextCallback callback{error_context_stack, CopyFromErrorCallback, reader->input};
    error_context_stack = &callback;
    char** fields;
    int field_count;
    bool found = NextCopyFromRawFields(reader->input, &fields, &field_count);
    if (found) {
        CheckFieldCount(reader, fields, field_count);
        *shard_index = ShardIndexOfLine(reader, fields);
    }
    error_context_stack = callback.previous;
    return found;
}

uint64 CopyLines(CopyFromState input, const catalog::DistributedTable* table) {
    LineReader reader{input, table, list_length(input->attnumlist), PositionOf(input->attnumlist, table->key_attno),
                      AllocSetContextCreate(CurrentMemoryContext, "herd COPY key", ALLOCSET_SMALL_SIZES)};
    operations::ShardLoad* load = operations::BeginLineLoad(table, input->attnumlist, LineFormat(input->opts));
    uint64 rows = 0;
    int shard_index;
    while (ReadLine(&reader, &shard_index)) {
        CHECK_FOR_INTERRUPTS();
        operations::AddRawLine(load, shard_index, input->line_buf.data, input->line_buf.len, input->cur_lineno);
        pgstat_progress_update_param(PROGRESS_COPY_TUPLES_PROCESSED, static_cast<int64>(++rows));
    }
    return operations::FinishShardLoad(load);
}

}  // namespace herd::commands
