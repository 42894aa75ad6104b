// What keeps the copies of reference tables equal when several sessions write them.
//
// A statement that writes a reference table runs on every copy, each time under that node's snapshot. It must see the same rows there, so
// such statements exclude each other from before they take their snapshot until every copy has committed (the coordinator gives its locks
// up after that): they lock the coordinator's copy.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"

extern "C" {
#include <nodes/parsenodes.h>
#include <nodes/plannodes.h>
}

namespace herd::planner {

// Locks this server's copies: of the target, of tables that foreign keys change with it, and (against writers) of those that are read.
// Returns what KeepLocks() needs; NIL unless the target is a reference table.
List* LockCopiesToWrite(Query* query);
// The same for a statement whose nodes lock rows of reference tables in their own copies, as a writer would.
List* LockCopiesToLockRows(Query* query);
// Lets a cached plan lock them again, before its snapshot.
void KeepLocks(PlannedStmt* statement, List* locked_copies);

// The same for COPY.
void LockCopyToWrite(const catalog::DistributedTable* table);

// Locks the copies whose rows a SELECT locks as a writer would and waits for: it will often write them next, and would wait for a writer that
// waits for its row. The relations of `query` are copies already, `copies` their OIDs; also sets the entries' lock modes.
void LockCopiesOfLockedRows(Query* query, List* copies);

}  // namespace herd::planner
