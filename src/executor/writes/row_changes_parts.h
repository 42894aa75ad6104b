// The changes of one statement, from inside. Internal to its files:
//   row_changes.cpp   what the access method is told
//   locked_rows.cpp   rows that are locked ahead
//   send_changes.cpp  what is sent to the shards
#pragma once

#include "catalog/metadata.h"
#include "executor/writes/insert_batch.h"
#include "executor/writes/row_changes.h"

extern "C" {
#include <storage/itemptr.h>
#include <utils/hsearch.h>
}

namespace herd::executor {

enum Change : int { kDelete, kUpdate, kInsert, kChangeKinds };

struct LockedRow {
    uint64 place;                // key
    MinimalTuple row;            // null if whole rows are not needed
    bool is_newer;               // than what the statement's snapshot sees
    ItemPointerData read_place;  // of that, if so
};

struct RowChanges {
    RowChanges* next;  // statements at work, innermost first
    RowChangesPlan plan;
    const catalog::DistributedTable* table;
    Snapshot snapshot;
    List* insert_columns;
    BatchLayout* layouts[kChangeKinds];
    plan::SqlTemplate newer_sql[kChangeKinds];  // of a row that is newer than the statement's snapshot
    InsertBatch** waiting[kChangeKinds];        // per shard; null: none
    MemoryContext waiting_context;
    MemoryContext locked_context;
    HTAB* locked;   // LockedRow
    HTAB* changed;  // places that were changed already
    TupleTableSlot* whole;
    MemoryContextCallback at_end;
};

inline uint64 KeyOf(const ItemPointerData& place) {
    return ((uint64)ItemPointerGetBlockNumberNoCheck(&place) << 16) | ItemPointerGetOffsetNumberNoCheck(&place);
}

// By KeyOf().
HTAB* MakePlaceTable(const char* name, Size entry_size, MemoryContext context);

LockedRow* FindLocked(const RowChanges* changes, const ItemPointerData& place);
bool IsChanged(const RowChanges* changes, const ItemPointerData& place);
// Of the innermost statement that changes the table; null if there is none.
RowChanges* FindChanges(Oid relid);
// Which of the statements on the table has read this row?
RowChanges* FindChangesOf(Oid relid, const ItemPointerData& place);

// One row in a statement of its own, for the node to find what it has become.
void ChangeNewer(RowChanges* changes, Change kind, int shard, const Datum* values, const bool* nulls);

}  // namespace herd::executor
