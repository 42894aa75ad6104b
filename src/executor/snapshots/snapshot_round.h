// Asks nodes for snapshots until they fit together. guard/README.md says when they do.
#pragma once

#include "postgres/pg.h"

#include "executor/snapshots/nodes_read.h"
#include "transaction/session.h"

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

// The same in steps, where the first question travels with tasks: their headers ask for reports with this window. In the current memory
// context; nodes and source must live as long.
struct Round;
inline constexpr uint32 kReportWindow = 20000;  // µs

Round* BeginRound(const NodesRead* nodes, const SnapshotSource* source);  // before the first task is sent
void TakeOwnSnapshot(Round* round);                                       // the own node's part
void NoteReport(Round* round, NodeId node, const transaction::SnapshotAnswer& answer);
bool DoReportsFit(Round* round);  // when all are there
bool AwaitMissed(
    Round* round);  // if they don't: waits for what is missed, and begins the round anew; false if that is not known
uint32 AskAgain(Round* round);  // if they don't: as AgreeOverNodes()

}  // namespace herd::executor
