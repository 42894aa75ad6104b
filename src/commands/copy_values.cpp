#include "commands/copy_rows.h"
#include "operations/shard_loader.h"

extern "C" {
#include <commands/copyfrom_internal.h>
#include <commands/progress.h>
#include <executor/executor.h>
#include <miscadmin.h>
#include <utils/backend_progress.h>
#include <utils/rel.h>
}

namespace herd::commands {

struct ValueReader {
    CopyFromState input;
    EState* estate;
    ExprContext* econtext;
    TupleTableSlot* slot;
    ExprState* where;  // null: all rows
    bool sends_lines;
};

// Columns that are not given were computed here, so all but generated ones are sent.
static List* SentColumns(TupleDesc row_desc) {
    List* attnums = NIL;
    for (int i = 0; i < row_desc->natts; i++) {
        Form_pg_attribute column = TupleDescAttr(row_desc, i);
        if (!column->attisdropped && column->attgenerated == '\0') attnums = lappend_int(attnums, i + 1);
    }
    return attnums;
}

static ValueReader MakeReader(CopyFromState input, const catalog::DistributedTable* table) {
    ValueReader reader{};
    reader.input = input;
    reader.estate = CreateExecutorState();
    reader.econtext = GetPerTupleExprContext(reader.estate);
    reader.slot = MakeSingleTupleTableSlot(RelationGetDescr(input->rel), &TTSOpsVirtual);
    reader.slot->tts_tableOid = RelationGetRelid(input->rel);
    reader.sends_lines = !input->opts.binary && input->num_defaults == 0 && CanNodesReadLines(input, table, false);
    if (input->whereClause != nullptr) reader.where = ExecInitQual(castNode(List, input->whereClause), nullptr);
    return reader;
}

static bool PassesWhere(ValueReader* reader) {
    if (reader->where == nullptr) return true;
    reader->econtext->ecxt_scantuple = reader->slot;
    return ExecQual(reader->where, reader->econtext);
}

// Reads one row into the slot; false at the end.
static bool ReadRow(ValueReader* reader, bool* passes) {
    ErrorContextCallback callback{error_context_stack, CopyFromErrorCallback, reader->input};
    error_context_stack = &callback;
    ResetPerTupleExprContext(reader->estate);
    ExecClearTuple(reader->slot);
    MemoryContext caller = MemoryContextSwitchTo(GetPerTupleMemoryContext(reader->estate));
    bool found = NextCopyFrom(reader->input, reader->econtext, reader->slot->tts_values, reader->slot->tts_isnull);
    if (found) {
        ExecStoreVirtualTuple(reader->slot);
        *passes = PassesWhere(reader);
    }
    MemoryContextSwitchTo(caller);
    error_context_stack = callback.previous;
    return found;
}

// Without defaults the lines can travel as they are, once their values have passed WHERE.
static void SendRow(operations::ShardLoad* load, const catalog::DistributedTable* table, const ValueReader* reader) {
    CopyFromState input = reader->input;
    const Datum* values = reader->slot->tts_values;
    const bool* nulls = reader->slot->tts_isnull;
    if (reader->sends_lines)
        operations::AddRawLine(load, operations::ShardIndexOfRow(table, values, nulls), input->line_buf.data,
                               input->line_buf.len, input->cur_lineno);
    else
        operations::AddRow(load, values, nulls, input->cur_lineno);
}

static operations::ShardLoad* BeginLoad(const ValueReader* reader, const catalog::DistributedTable* table) {
    CopyFromState input = reader->input;
    if (reader->sends_lines) return operations::BeginLineLoad(table, input->attnumlist, LineFormat(input->opts));
    return operations::BeginShardLoad(table, SentColumns(RelationGetDescr(input->rel)));
}

uint64 CopyValues(CopyFromState input, const catalog::DistributedTable* table) {
    ValueReader reader = MakeReader(input, table);
    operations::ShardLoad* load = BeginLoad(&reader, table);
    int64 rows = 0;
    int64 excluded = 0;
    bool passes;
    while (ReadRow(&reader, &passes)) {
        CHECK_FOR_INTERRUPTS();
        if (!passes) {
            pgstat_progress_update_param(PROGRESS_COPY_TUPLES_EXCLUDED, ++excluded);
            continue;
        }
        SendRow(load, table, &reader);
        pgstat_progress_update_param(PROGRESS_COPY_TUPLES_PROCESSED, ++rows);
    }
    ExecDropSingleTupleTableSlot(reader.slot);
    FreeExecutorState(reader.estate);
    return operations::FinishShardLoad(load);
}

}  // namespace herd::commands
