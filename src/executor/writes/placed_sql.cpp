#include "executor/writes/placed_sql.h"

#include "executor/writes/insert_batch.h"

extern "C" {
#include <catalog/pg_type.h>
#include <executor/tuptable.h>
#include <utils/builtins.h>
#include <utils/rel.h>
}

namespace herd::executor {

static const char* ColumnName(Relation shell, int attno) {
    return quote_identifier(NameStr(TupleDescAttr(RelationGetDescr(shell), attno - 1)->attname));
}

// Appends nothing, but says that the table's name goes here.
static plan::SqlTemplate WithHole(Relation shell, StringInfo text, int offset) {
    plan::Hole* hole = (plan::Hole*)palloc(sizeof(plan::Hole));
    *hole = {offset, RelationGetRelid(shell)};
    return {text->data, 1, hole};
}

const char* LockingClause(LockTupleMode mode, LockWaitPolicy wait_policy) {
    static constexpr const char* kStrengths[] = {" FOR KEY SHARE", " FOR SHARE", " FOR NO KEY UPDATE", " FOR UPDATE"};
    static constexpr const char* kPolicies[] = {"", " SKIP LOCKED", " NOWAIT"};
    return psprintf("%s%s", kStrengths[mode], kPolicies[wait_policy]);
}

plan::SqlTemplate SelectPlacedRows(Relation shell, bool whole, const char* condition, TupleDesc* columns) {
    TupleDesc row = RelationGetDescr(shell);
    TupleDesc desc = CreateTemplateTupleDesc(row->natts + 1);
    TupleDescInitEntry(desc, 1, "ctid", TIDOID, -1, 0);
    StringInfoData text;
    initStringInfo(&text);
    appendStringInfoString(&text, "SELECT ctid");
    int count = 1;
    for (int i = 0; whole && i < row->natts; i++) {
        if (TupleDescAttr(row, i)->attisdropped) continue;
        appendStringInfo(&text, ", %s", ColumnName(shell, i + 1));
        TupleDescCopyEntry(desc, ++count, row, i + 1);
    }
    desc->natts = count;
    *columns = desc;
    appendStringInfoString(&text, " FROM ONLY ");
    int offset = text.len;
    appendStringInfo(&text, " WHERE %s", condition);
    return WithHole(shell, &text, offset);
}

void KeepPlacedRow(TupleTableSlot* row, TupleTableSlot* slot) {
    TupleDesc whole = slot->tts_tupleDescriptor;
    ExecClearTuple(slot);
    int column = 1;
    for (int i = 0; i < whole->natts; i++) {
        bool dropped = TupleDescAttr(whole, i)->attisdropped;
        slot->tts_isnull[i] = dropped || row->tts_isnull[column];
        slot->tts_values[i] = slot->tts_isnull[i] ? (Datum)0 : row->tts_values[column];
        if (!dropped) column++;
    }
    ExecStoreVirtualTuple(slot);
    ExecMaterializeSlot(slot);
}

static const char* IsAtPlace(bool newer) {
    return newer ? " WHERE herd.is_at(herd_target.ctid, ($1::tid[])[1])" : " WHERE herd_target.ctid = herd_rows.c1";
}

plan::SqlTemplate UpdatePlacedRows(Relation shell, List* set_columns, const BatchLayout* layout, bool newer) {
    StringInfoData text;
    initStringInfo(&text);
    appendStringInfoString(&text, "UPDATE ONLY ");
    int offset = text.len;
    appendStringInfoString(&text, " AS herd_target SET ");
    ListCell* cell;
    foreach (cell, set_columns) {
        int number = foreach_current_index(cell);
        appendStringInfo(&text, "%s%s = %s", number > 0 ? ", " : "", ColumnName(shell, lfirst_int(cell)),
                         ColumnExpression(layout, number + 1));
    }
    appendStringInfoString(&text, " FROM ");
    AppendRowsSource(&text, layout, 0);
    appendStringInfoString(&text, IsAtPlace(newer));
    return WithHole(shell, &text, offset);
}

plan::SqlTemplate DeletePlacedRows(Relation shell, const BatchLayout* layout, bool newer) {
    StringInfoData text;
    initStringInfo(&text);
    appendStringInfoString(&text, "DELETE FROM ONLY ");
    int offset = text.len;
    appendStringInfoString(&text, " AS herd_target USING ");
    AppendRowsSource(&text, layout, 0);
    appendStringInfoString(&text, IsAtPlace(newer));
    return WithHole(shell, &text, offset);
}

plan::SqlTemplate InsertRows(Relation shell, List* columns, const BatchLayout* layout) {
    StringInfoData text;
    initStringInfo(&text);
    appendStringInfoString(&text, "INSERT INTO ");
    int offset = text.len;
    appendStringInfoString(&text, " (");
    ListCell* cell;
    foreach (cell, columns)
        appendStringInfo(&text, "%s%s", foreach_current_index(cell) > 0 ? ", " : "",
                         ColumnName(shell, lfirst_int(cell)));
    appendStringInfoString(&text, ") OVERRIDING SYSTEM VALUE SELECT ");
    for (int i = 0; i < layout->column_count; i++)
        appendStringInfo(&text, "%s%s", i > 0 ? ", " : "", ColumnExpression(layout, i));
    appendStringInfoString(&text, " FROM ");
    AppendRowsSource(&text, layout, 0);
    return WithHole(shell, &text, offset);
}

}  // namespace herd::executor
