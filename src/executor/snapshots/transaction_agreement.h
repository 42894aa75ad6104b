// The agreement of a transaction that has one snapshot for all its statements (REPEATABLE READ). Internal to this folder.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <executor/execdesc.h>
}

namespace herd::executor {

// Before a statement: the first one that reads or writes tables agrees with all nodes. From then on each gets the own node's snapshot of that
// agreement. Talks to nodes.
void AgreeInTransaction(QueryDesc* query_desc);
// The same for what is no such statement: makes that snapshot the active one. False if there is none, for it is too late to agree.
bool PushAgreementOfTransaction();

bool HasTransactionAgreement();
void ReleaseTransactionSnapshot();
// At the end of the transaction, when snapshots are gone.
void ForgetTransactionSnapshot();

}  // namespace herd::executor
