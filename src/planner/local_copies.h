// Reading reference tables from this server's own copy: the shell in the Query is replaced by the local shard relation, so PostgreSQL plans
// it like any table.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/plannodes.h>
}

namespace herd::planner {

struct SwappedTables {
    List* entries;  // the shells' range table entries with their permission bits
    List* copies;   // OidList: the relation read in place of each
};

// Changes the Query in place.
SwappedTables ReadLocalCopies(Query* query);

// While planning with the copies: lets ShellOf() know them. Nests.
const SwappedTables* EnterLocalCopies(const SwappedTables* swapped);
void LeaveLocalCopies(const SwappedTables* previous);
// The shell for which a copy stands, else the relation itself. InvalidOid never comes back.
Oid ShellOf(Oid relid);

// The executor checks access by these range table entries, and a change of one of their relations makes the plan anew.
void KeepPermissions(PlannedStmt* statement, List* entries);

}  // namespace herd::planner
