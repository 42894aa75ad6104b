// Rows of a fragment kept here and found by the value of one column: in memory, or on disk if they are too many (row_file.h).
#pragma once

#include "postgres/pg.h"

#include "executor/tasks/task_run.h"

namespace herd::executor {

struct RowLookup;

struct LookupColumn {
    int index;  // among the rows' columns, from 0
    Oid operator_id;
    bool is_left;  // of the operator; the values looked up are its other side
    Oid collation;
};

// Without rows.
RowLookup* MakeRowLookup(TupleDesc desc, const LookupColumn& column, MemoryContext parent);
// Reads all rows of the run. What hash tables may use is the limit for memory. May be called again until rows are on disk.
void AddRows(RowLookup* lookup, TaskRun* run);
bool IsOnDisk(const RowLookup* lookup);

// Prepares the rows whose column may be equal to the value: the condition itself must still be checked.
void FindRows(RowLookup* lookup, Datum value, bool is_null);
bool NextFoundRow(RowLookup* lookup, TupleTableSlot* slot);

void EndRowLookup(RowLookup* lookup);

}  // namespace herd::executor
