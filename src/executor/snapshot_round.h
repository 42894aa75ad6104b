// Asks nodes for snapshots until they fit together. guard/README.md says when they do.
#pragma once

#include "postgres/pg.h"

#include "executor/nodes_read.h"

extern "C" {
#include <utils/snapshot.h>
}

namespace herd::executor {

// How the snapshots of a round are taken.
struct SnapshotSource {
    // Called before the nodes are asked: the number of the statement whose snapshots they take; 0: those of their transactions, which
    // begin anew.
    uint32 (*next_number)(void* argument);
    // Takes a fresh snapshot of the own node.
    Snapshot (*take_own)(void* argument);
    void* argument;
};

// Returns the number of the round whose snapshots fit. Waits for transactions and talks to nodes; leaves garbage in the current memory context.
uint32 AgreeOverNodes(const NodesRead& nodes, const SnapshotSource& source);

}  // namespace herd::executor
