// Rows of a fragment kept in memory and found by the value of one column.
#pragma once

#include "postgres/pg.h"

#include "executor/task_run.h"

namespace herd::executor {

struct RowLookup;

struct LookupColumn {
    int index;  // among the rows' columns, from 0
    Oid operator_id;
    bool is_left;  // of the operator; the values looked up are its other side
    Oid collation;
};

// Reads all rows of the run into memory below `parent`. Null if they don't fit into what hash tables may use (then the rest
// is left unread).
RowLookup* BuildRowLookup(TaskRun* run, TupleDesc desc, const LookupColumn& column, MemoryContext parent);

// Prepares the rows whose column may be equal to the value: the condition itself must still be checked.
void FindRows(RowLookup* lookup, Datum value, bool is_null);
bool NextFoundRow(RowLookup* lookup, TupleTableSlot* slot);

void EndRowLookup(RowLookup* lookup);

}  // namespace herd::executor
