// Statements that can't run inside a transaction, VACUUM above all: each on its node, over a connection of its own.
#pragma once

#include "postgres/pg.h"

#include "base/ids.h"

namespace herd::operations {

// Runs sqls[i], one statement each, on nodes[i], none of them the own one, all at the same time, and waits for the ends, however long that
// takes. Raises if one fails; a cancel goes to all. Their notices are not shown. They are not undone with the caller's transaction.
void RunOutsideTransaction(const NodeId* nodes, const char* const* sqls, int count);

}  // namespace herd::operations
