// One statement, one snapshot per node: the first task of a statement takes it, the others are given the same one, with the same idea of which of
// the transaction's own changes are visible. The next statement takes its own. All tasks of a statement run in one transaction here.
#pragma once

#include "postgres/pg.h"

#include "plan/task_header.h"

extern "C" {
#include <executor/execdesc.h>
}

namespace herd::guard {

// Before ExecutorStart of a task. Forgets what the header says is finished. True if the task runs with its statement's snapshot: then
// UseOutputCommand() follows ExecutorStart, and the snapshot must be the active one while the executor is at work.
bool UseStatementSnapshot(const plan::TaskHeader& header, QueryDesc* query_desc);
void UseOutputCommand(QueryDesc* query_desc);

void RegisterStatementSnapshots();

}  // namespace herd::guard
