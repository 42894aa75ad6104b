// Bringing the shards to the definition that their shell has now: what a statement added to the shell is read from the catalog, by
// comparing with what was there before it ran.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"

extern "C" {
#include <nodes/bitmapset.h>
}

namespace herd::commands {

struct TableState {
    Oid relid;
    Oid storage;  // relfilenode: a new one tells that the statement would have rewritten the rows
    int column_count;
    Bitmapset* not_null;  // attribute numbers
    Bitmapset* dropped;
    List* indexes;
    List* constraints;
    List* unvalidated;  // constraints that are not valid yet
    List* statistics;   // objects of CREATE STATISTICS
    List* targets;      // IntList: the statistics target of each column
};
TableState ReadTableState(Oid relid);

// Checks what was added against the rules for distributed tables, then adds it to every shard. `what` names the statement for
// messages, like "ALTER TABLE". type_changes: what CheckTypeChanges() said, of a statement that makes no indexes and constraints.
void ApplyAdditions(const TableState& before, const char* what, List* type_changes = NIL);

}  // namespace herd::commands
