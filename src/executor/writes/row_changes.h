// What PostgreSQL's ModifyTable does to rows of a distributed table. It believes that it changes a table of its own, row by row; the rows are
// locked ahead and the changes sent later, many at a time.
//
// Order: LockRowsToChange() for a batch of rows, the ModifyTable node changes them (through the shell's access method), SendChanges(), the next
// batch. A row that was changed by another transaction in between is not among those locked: the node is told so, locks its newest version
// and checks its conditions again, as for any table.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <access/tableam.h>
#include <nodes/pg_list.h>
}

namespace herd::executor {

struct RowChanges;

struct RowChangesPlan {
    Oid relid;
    LockTupleMode lock_mode;
    bool needs_rows;    // whole rows, not just their places
    List* set_columns;  // IntList: attribute numbers that an UPDATE assigns
};

// Lives in `context`, and is found by the access method as long. snapshot: the statement's.
RowChanges* BeginRowChanges(const RowChangesPlan& plan, Snapshot snapshot, MemoryContext context);

// The rows at these places (row_place.h). Forgets the batch before.
void LockRowsToChange(RowChanges* changes, const ItemPointerData* places, int count);
// Carries out what was noted since.
void SendChanges(RowChanges* changes);

// Of the access method; the statement's own changes are looked up by table and place.
TM_Result UpdatePlacedRow(Relation shell, ItemPointer place, TupleTableSlot* slot, CommandId command,
                          TM_FailureData* failure, LockTupleMode* lock_mode);
TM_Result DeletePlacedRow(Relation shell, ItemPointer place, CommandId command, TM_FailureData* failure);
// False if no statement is at work on the table.
bool InsertPlacedRow(Relation shell, TupleTableSlot* slot);
// A row that one of these statements has locked: false if there is none at that place.
bool FindLockedRow(Oid relid, const ItemPointerData& place, TupleTableSlot* slot);
// The node has locked by itself what had become of the row at `read_place`; the slot holds the whole row.
void NoteLockedRow(Oid relid, const ItemPointerData& read_place, const ItemPointerData& place, TupleTableSlot* slot);

}  // namespace herd::executor
