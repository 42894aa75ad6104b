// herd.snapshot = consistent: a statement that reads several nodes reads each with a snapshot that fits to the others'.
//
// Promise: of a transaction over several nodes it sees all or nothing. The own node's snapshot is the statement's, so it holds for local
// tables too. In REPEATABLE READ the first statement agrees for the transaction, with all nodes. guard/README.md says how and why. Needs
// nothing and costs nothing for statements of one task.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <executor/execdesc.h>
}

namespace herd::executor {

void RegisterSnapshotAgreement();  // the setting, and callbacks; in _PG_init

// Before ExecutorStart of every statement: agrees on snapshots with the nodes that it reads, if it must, and puts the own one into
// query_desc. May wait for transactions. Talks to nodes.
void AgreeOnSnapshots(QueryDesc* query_desc, int eflags);
// After ExecutorStart: the agreement ends with the statement.
void TieAgreement(QueryDesc* query_desc);

// Does the statement that runs with this snapshot read its nodes in one run only, whose tasks ask (run_agreement.h)?
bool AgreesWithTasks(Snapshot snapshot);

// The own node's tasks use the active snapshot. Around ExecutorRun and ExecutorFinish; false: nothing was pushed.
bool PushAgreedSnapshot(QueryDesc* query_desc);

// For COPY in REPEATABLE READ: agrees if no statement has done so, and pushes the own node's snapshot. False: nothing was pushed.
bool PushTransactionSnapshot();

}  // namespace herd::executor
