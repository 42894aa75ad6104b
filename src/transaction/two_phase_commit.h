// Commits what the transaction wrote on nodes.
//
// Promise: once our local transaction is committed, every node is, now or after recovery has visited it. The commit records that
// the local transaction writes are the decision. With a single writer in all there is no decision to record:
// its own COMMIT is it.
//
// Not here: which nodes we wrote on (node_work.h), finishing after a crash (recovery.h).
#pragma once

#include "postgres/pg.h"

namespace herd::transaction {

// Before the local commit; raises if a node refuses, and then everything aborts.
void CommitOrPrepareNodes();

// Before the local PREPARE TRANSACTION: the records become visible, and so the decision, with the user's COMMIT PREPARED.
void PrepareNodes();

// This transaction does something on the coordinator that may fail at the very end without having written there, as NOTIFY does:
// then no node may commit before.
void NoteLocalWork();

// Does the coordinator have a part in the transaction's outcome? A serializable transaction may still fail here.
bool IsCoordinatorConcerned();

// A node may or may not have committed: closes the connection and says so.
[[noreturn]] void RaiseUnknownOutcome(struct NodeWork* work);

// After the local commit. Never raises; what does not answer in time is left to recovery, with a WARNING.
void CommitPreparedNodes();

// At the end of every transaction.
void ForgetTwoPhaseCommit();

}  // namespace herd::transaction
