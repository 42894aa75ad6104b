// Which nodes will a plan read?
#pragma once

#include "postgres/pg.h"

#include "base/ids.h"

extern "C" {
#include <nodes/plannodes.h>
}

namespace herd::executor {

struct NodesRead {
    NodeId* nodes;  // without the own one; in the current memory context
    int count;
    bool own;       // the own node too
    bool one_task;  // but one of them, in one statement: nothing can be torn

    bool several() const { return !one_task && count + (own ? 1 : 0) > 1; }
};

// The only scan with which the statement reads distributed tables, once and without other statements of functions beside it that see the
// same snapshot. Null if there is more to it.
const CustomScan* FindSoleScan(const PlannedStmt* statement);

// Nodes that the plan's distributed reads may visit, whatever pruning leaves of them; if those are several, then also those of the
// tables that it writes or locks.
NodesRead FindNodesRead(const PlannedStmt* statement);

// Quickly: is the whole plan one task that reads one shard, and nothing else?
bool IsOneRoutedTask(const PlannedStmt* statement);

}  // namespace herd::executor
