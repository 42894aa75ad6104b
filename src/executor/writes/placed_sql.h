// The SQL about rows at places (row_place.h) in a shard.
#pragma once

#include "postgres/pg.h"

#include "plan/sql_template.h"

extern "C" {
#include <access/tableam.h>
#include <nodes/pg_list.h>
#include <utils/relcache.h>
}

namespace herd::executor {

struct BatchLayout;

// SELECT ctid, a, b FROM ONLY <hole> WHERE condition, and what describes its rows: all columns but dropped ones if `whole`, else only ctid.
plan::SqlTemplate SelectPlacedRows(Relation shell, bool whole, const char* condition, TupleDesc* columns);
// " FOR UPDATE SKIP LOCKED" and the like.
const char* LockingClause(LockTupleMode mode, LockWaitPolicy wait_policy);

// Such a row into the slot of a whole row, which keeps it; dropped columns are null.
void KeepPlacedRow(TupleTableSlot* row, TupleTableSlot* slot);

// Statements whose parameters are one array a column of the layout, the rows' ctid first. newer: of one row, whose newest version is changed.
plan::SqlTemplate UpdatePlacedRows(Relation shell, List* set_columns, const BatchLayout* layout, bool newer);
plan::SqlTemplate DeletePlacedRows(Relation shell, const BatchLayout* layout, bool newer);
// Without ctid.
plan::SqlTemplate InsertRows(Relation shell, List* columns, const BatchLayout* layout);

}  // namespace herd::executor
