// The server's commit ring (commit_ring.h) in shared memory: who writes it, and what a snapshot sees of it.
//
// Promise: a transaction over several nodes is in the ring before its part here can be prepared, and stays at least until every
// snapshot sees how it ended, whoever ends it.
#pragma once

#include "postgres/pg.h"

#include "transaction/commit_ring.h"
#include "transaction/snapshot_report.h"

extern "C" {
#include <nodes/parsenodes.h>
#include <utils/snapshot.h>
}

namespace herd::transaction {

// In _PG_init: reserves the memory, registers callbacks.
void RegisterRecentCommits();

// Around the statements PREPARE TRANSACTION, COMMIT PREPARED and ROLLBACK PREPARED, whoever gives them.
void BeforeTransactionStatement(const TransactionStmt* statement);
void AfterTransactionStatement(const TransactionStmt* statement);

// This server is the coordinator of a transaction and wrote itself: before the other nodes prepare. Ends with the local transaction.
void NoteOwnPart(const NamedGid& named);

// What the snapshot sees. Palloc'd. False if the server doesn't know it all: it has just started, or has forgotten commits of the
// last two windows.
bool ReportOn(Snapshot snapshot, Microseconds window, ReportEntry** entries, size_t* count);
// Is there nothing to report, in windows of kQuietWindow too? Asked after the snapshot was taken.
bool IsQuiet();

// Waits until this server has finished the transaction; at once if it doesn't know it. lock_timeout holds.
void AwaitFinish(const TransactionKey& key);

Microseconds MonotonicNow();

}  // namespace herd::transaction
