#include <cstring>

#include "commands/copy_rows.h"
#include "commands/portable_input.h"
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
    int key_field;     // position of the key among the fields, -1 if it isn't given
    Bitmapset* words;  // positions of fields that must be read here if they begin with a word
    MemoryContext row_context;
    operations::ShardLoad* lines;
    operations::ShardLoad* values;  // for rows with such a field; begun with the first one
};

static bool HasRemotePlacement(const catalog::Group* group) {
    for (int i = 0; i < group->shard_count; i++)
        for (int j = 0; j < group->shards[i].node_count; j++)
            if (group->shards[i].nodes[j] != kOwnNode) return true;
    return false;
}

static InputPlace PlaceOfColumn(CopyFromState input, int attnum) {
    return WhereToReadInput(TupleDescAttr(RelationGetDescr(input->rel), attnum - 1)->atttypid);
}

bool CanNodesReadLines(CopyFromState input, const catalog::DistributedTable* table, bool words_apart) {
    if (!HasRemotePlacement(table->group)) return true;
    ListCell* cell;
    foreach (cell, input->attnumlist) {
        InputPlace place = PlaceOfColumn(input, lfirst_int(cell));
        if (place == InputPlace::kHere || (place == InputPlace::kAnywhereButWords && !words_apart)) return false;
    }
    return true;
}

bool CanCopyLines(CopyFromState input, const catalog::DistributedTable* table) {
    if (input->opts.binary || input->num_defaults > 0 || input->whereClause != nullptr) return false;
    return CanNodesReadLines(input, table, true);
}

static Bitmapset* FieldsWithWords(CopyFromState input, const catalog::DistributedTable* table) {
    Bitmapset* fields = nullptr;
    if (!HasRemotePlacement(table->group)) return fields;
    ListCell* cell;
    foreach (cell, input->attnumlist)
        if (PlaceOfColumn(input, lfirst_int(cell)) == InputPlace::kAnywhereButWords)
            fields = bms_add_member(fields, foreach_current_index(cell));
    return fields;
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
    bool isnull;
    Datum key = ConvertField(reader->input, table->key_attno, fields[reader->key_field], &isnull);
    return catalog::ShardIndexOfValue(table, table->key_type, key, isnull);
}

static bool HasWord(const LineReader* reader, char** fields) {
    int field = -1;
    while ((field = bms_next_member(reader->words, field)) >= 0)
        if (fields[field] != nullptr && BeginsWithWord(fields[field])) return true;
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

// Copies one line; false at the end. While the line is read, COPY's own context tells errors their place; what sending raises has
// one of its own.
static bool CopyLine(LineReader* reader) {
    ErrorContextCallback callback{error_context_stack, CopyFromErrorCallback, reader->input};
    error_context_stack = &callback;
    char** fields;
    int field_count;
    if (!NextCopyFromRawFields(reader->input, &fields, &field_count)) {
        error_context_stack = callback.previous;
        return false;
    }
    CheckFieldCount(reader, fields, field_count);
    bool as_values = HasWord(reader, fields);
    Row row{};
    int shard_index = -1;
    if (as_values)
        row = ConvertLine(reader->input, fields);
    else
        shard_index = ShardIndexOfLine(reader, fields);
    error_context_stack = callback.previous;
    if (as_values)
        SendValues(reader, &row);
    else
        SendLine(reader, shard_index);
    return true;
}

uint64 CopyLines(CopyFromState input, const catalog::DistributedTable* table) {
    LineReader reader{};
    reader.input = input;
    reader.table = table;
    reader.column_count = list_length(input->attnumlist);
    reader.key_field = PositionOf(input->attnumlist, table->key_attno);
    reader.words = FieldsWithWords(input, table);
    reader.row_context = AllocSetContextCreate(CurrentMemoryContext, "herd COPY line", ALLOCSET_DEFAULT_SIZES);
    reader.lines = operations::BeginLineLoad(table, input->attnumlist, LineFormat(input->opts));
    MemoryContext caller = MemoryContextSwitchTo(reader.row_context);
    int64 rows = 0;
    while (CopyLine(&reader)) {
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
