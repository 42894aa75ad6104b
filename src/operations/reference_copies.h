// Copies of reference tables on nodes that come and go.
#pragma once

#include "postgres/pg.h"

#include "base/ids.h"

namespace herd::operations {

// A copy of every reference table, with its rows, on a node that was just added. Writers wait until this transaction ends.
void CopyReferenceTables(NodeId node);
// Drops the node's copies. If the node can't be reached they stay there, with a WARNING: a node that is gone for good must be removable.
void DropReferenceCopies(NodeId node);

}  // namespace herd::operations
