// One statement, one snapshot, also when its tasks come over several connections: the backend whose task comes first publishes the
// snapshot in shared memory, the others take it from there. Every backend has room for one. It can be had until the publisher's transaction ends;
// the coordinator ends none before the statement is done, and lets one statement at a time use several connections.
#pragma once

#include "postgres/pg.h"

#include "plan/task_header.h"

extern "C" {
#include <utils/snapshot.h>
}

namespace herd::guard {

// The statement's snapshot, if another backend has published it; else null.
Snapshot ImportSnapshot(const plan::StatementToken& statement);
// Publishes `own` as the statement's, unless another backend has just been quicker. Returns the statement's.
Snapshot PublishSnapshot(const plan::StatementToken& statement, Snapshot own);

// At the end of a transaction, also an aborted one.
void WithdrawSnapshot();

void RegisterSharedSnapshots();

}  // namespace herd::guard
