// REPEATABLE READ over nodes: one snapshot per node for the whole transaction, all taken when the first is needed. Else a later statement would
// see on another node what has been committed since.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/plannodes.h>
}

namespace herd::transaction {

// Before the first work of a statement on any node, the own one included. Does nothing in READ COMMITTED, nor in SERIALIZABLE, which
// keeps to one node, and only once in a transaction. Waits for the nodes; raises if one can't be reached.
void TakeTransactionSnapshots();
// Before a statement that may read nothing but the own node's copies of reference tables.
void TakeTransactionSnapshotsFor(const PlannedStmt* statement);

void ForgetTransactionSnapshots();  // at the end of a transaction

}  // namespace herd::transaction
