// Rows of distributed tables that are asked for by their place (row_place.h): what PostgreSQL's own nodes do with the rows that they lock.
//
// Everything runs under the snapshot of the statement that found the place, so a node finds the row version that was read, and from there the
// newest one, as PostgreSQL does on one server.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <access/tableam.h>
}

namespace herd::executor {

// As table_tuple_lock(), in a transaction that reads what is committed with TUPLE_LOCK_FLAG_FIND_LAST_VERSION: the newest version of the row goes into
// the slot, its place into *place. In REPEATABLE READ the node raises for a row that was changed.
TM_Result LockPlacedRow(Relation shell, ItemPointer place, Snapshot snapshot, TupleTableSlot* slot, LockTupleMode mode,
                        LockWaitPolicy wait_policy, TM_FailureData* failure);

// The row version at that place, whether or not it is still valid. False if it is gone.
bool FetchPlacedRow(Relation shell, ItemPointer place, TupleTableSlot* slot);

}  // namespace herd::executor
