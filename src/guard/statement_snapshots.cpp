#include "guard/statement_snapshots.h"

#include "base/sqlstates.h"

extern "C" {
#include <utils/memutils.h>
#include <utils/resowner.h>
#include <utils/snapmgr.h>
}

namespace herd::guard {

struct StatementSnapshot {
    StatementSnapshot* next;
    uint64 token;
    Snapshot snapshot;
};

static StatementSnapshot* first_snapshot;  // in TopTransactionContext

static void Release(uint64 oldest_token) {
    for (StatementSnapshot** link = &first_snapshot; *link != nullptr;) {
        StatementSnapshot* held = *link;
        if (held->token >= oldest_token) {
            link = &held->next;
            continue;
        }
        *link = held->next;
        UnregisterSnapshotFromOwner(held->snapshot, TopTransactionResourceOwner);
        pfree(held);
    }
}

static void Take(QueryDesc* query_desc, uint64 token) {
    StatementSnapshot* held = (StatementSnapshot*)MemoryContextAlloc(TopTransactionContext, sizeof(StatementSnapshot));
    held->token = token;
    held->snapshot = RegisterSnapshotOnOwner(query_desc->snapshot, TopTransactionResourceOwner);
    held->next = first_snapshot;
    first_snapshot = held;
}

void UseStatementSnapshot(QueryDesc* query_desc, const plan::TaskHeader& header) {
    Release(header.oldest_token);
    if ((header.flags & plan::kTaskTakesSnapshot) != 0) {
        Take(query_desc, header.token);
        return;
    }
    StatementSnapshot* held = first_snapshot;
    while (held != nullptr && held->token != header.token) held = held->next;
    if (held == nullptr)
        ereport(ERROR, (errcode(kProtocolMismatch), errmsg("the statement has no snapshot on this node")));
    Snapshot previous = query_desc->snapshot;
    query_desc->snapshot = RegisterSnapshot(held->snapshot);
    UnregisterSnapshot(previous);
}

void ReleaseStatementSnapshots() { Release(PG_UINT64_MAX); }

void ForgetStatementSnapshots() { first_snapshot = nullptr; }

}  // namespace herd::guard
