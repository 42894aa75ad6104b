// Consistent reads of a statement's only run without a round trip of their own: its tasks ask the nodes what their snapshots see, and its
// rows are held back until all have said it. Nearly always the snapshots fit together. If they don't, the run starts over with snapshots
// that were agreed on before (snapshot_round.h). guard/README.md says when snapshots fit.
#pragma once

#include "postgres/pg.h"

#include "executor/snapshots/nodes_read.h"
#include "transaction/session.h"

extern "C" {
#include <utils/snapshot.h>
}

namespace herd::executor {

struct RunAgreement;

// Before the first task is sent. In the current memory context. statement: the snapshot of the executor at work.
RunAgreement* BeginRunAgreement(const NodesRead& nodes, Snapshot statement);
// A task that asks; one for each node but the own one.
void NoteAsked(RunAgreement* agreement, NodeId node, transaction::Stream* stream);
// The own node's snapshot, which is the active one while its tasks are at work. False: nothing was pushed.
void TakeOwnPart(RunAgreement* agreement);
bool PushOwnSnapshot(const RunAgreement* agreement);
bool HasOwnPart(const RunAgreement* agreement);

// Have all nodes answered? Doesn't wait.
bool HaveReported(RunAgreement* agreement);
// Until one of those that have not may have.
void WaitForReport(RunAgreement* agreement);
// When they have.
bool DoSnapshotsFit(RunAgreement* agreement);
// If they don't, and nothing of the run is left: waits until it is worth asking with the tasks once more. False: it isn't.
bool MayAskOnceMore(RunAgreement* agreement);
// Otherwise returns the statement's number, under which these nodes have snapshots that fit.
uint32 AgreeAnew(RunAgreement* agreement, const NodesRead& nodes);

void EndRunAgreement(RunAgreement* agreement);

}  // namespace herd::executor
