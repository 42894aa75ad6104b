// Snapshots of a coordinator's statements on this node: the tasks of one statement, which name it by a token, all read with the same.
// Each lives in this session until its transaction ends or the coordinator says that the statement is over.
#pragma once

#include "postgres/pg.h"

#include "plan/task_header.h"

extern "C" {
#include <executor/execdesc.h>
}

namespace herd::guard {

// Before ExecutorStart of a task that has a token: takes its snapshot for the statement, or puts the statement's into its place. Raises
// if the statement has none here.
void UseStatementSnapshot(QueryDesc* query_desc, const plan::TaskHeader& header);

void ReleaseStatementSnapshots();  // before a commit or PREPARE TRANSACTION
void ForgetStatementSnapshots();   // at an abort, which has released them

}  // namespace herd::guard
