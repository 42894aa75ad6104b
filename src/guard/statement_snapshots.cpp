#include "guard/statement_snapshots.h"

#include "base/sqlstates.h"
#include "guard/shared_snapshots.h"
#include "postgres/entry.h"

extern "C" {
#include <access/parallel.h>
#include <access/xact.h>
#include <miscadmin.h>
#include <nodes/execnodes.h>
#include <utils/memutils.h>
#include <utils/resowner.h>
#include <utils/snapmgr.h>
}

namespace herd::guard {

// Of one transaction. A coordinator keeps as many as it has statements under way, cursors above all.
static const int kMaxSnapshots = 10000;

namespace {

struct StatementSnapshot {
    StatementSnapshot* next;
    uint32 number;
    Snapshot snapshot;
};

}  // namespace

static StatementSnapshot* first_snapshot;
static int snapshot_count;

static StatementSnapshot** FindLink(uint32 number) {
    StatementSnapshot** link = &first_snapshot;
    while (*link != nullptr && (*link)->number != number) link = &(*link)->next;
    return link;
}

static void Release(uint32 number) {
    StatementSnapshot** link = FindLink(number);
    StatementSnapshot* found = *link;
    if (found == nullptr) return;
    *link = found->next;
    snapshot_count--;
    UnregisterSnapshotFromOwner(found->snapshot, TopTransactionResourceOwner);
    pfree(found);
}

static void Keep(uint32 number, Snapshot snapshot) {
    if (snapshot_count >= kMaxSnapshots)
        ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                        errmsg("a transaction can't keep more than %d statements under way on a node", kMaxSnapshots),
                        errhint("Close cursors.")));
    auto* kept = static_cast<StatementSnapshot*>(MemoryContextAlloc(TopTransactionContext, sizeof(StatementSnapshot)));
    kept->number = number;
    kept->snapshot = RegisterSnapshotOnOwner(snapshot, TopTransactionResourceOwner);
    kept->next = first_snapshot;
    first_snapshot = kept;
    snapshot_count++;
}

static Snapshot FindOrTake(const plan::TaskHeader& header, Snapshot own) {
    bool shares = (header.flags & plan::kTaskSharesSnapshot) != 0;
    bool takes = (header.flags & plan::kTaskNeedsSnapshot) == 0;
    Snapshot snapshot = shares ? ImportSnapshot(header.statement) : nullptr;
    if (snapshot != nullptr) return snapshot;
    if (!takes) ereport(ERROR, (errcode(kProtocolMismatch), errmsg("the statement has no snapshot on this node")));
    return shares ? PublishSnapshot(header.statement, own) : own;
}

bool UseStatementSnapshot(const plan::TaskHeader& header, QueryDesc* query_desc) {
    if (IsParallelWorker()) return false;  // it has its leader's
    for (size_t i = 0; i < header.finished_count; i++) Release(plan::TaskHeaderFinished(header, i));
    uint32 number = header.statement.number;
    if (number == 0) return false;
    if (*FindLink(number) == nullptr) Keep(number, FindOrTake(header, query_desc->snapshot));
    Snapshot snapshot = (*FindLink(number))->snapshot;
    if (snapshot == query_desc->snapshot) return true;
    UnregisterSnapshot(query_desc->snapshot);
    query_desc->snapshot = RegisterSnapshot(snapshot);
    return true;
}

// Else a task could meet rows that another task of the statement wrote, as rows of a command that is over.
void UseOutputCommand(QueryDesc* query_desc) {
    EState* estate = query_desc->estate;
    if (query_desc->operation != CMD_SELECT || query_desc->plannedstmt->rowMarks != NIL ||
        query_desc->plannedstmt->hasModifyingCTE)
        estate->es_output_cid = estate->es_snapshot->curcid;
}

static void OnTransactionEvent(XactEvent event) {
    switch (event) {
        case XACT_EVENT_PRE_COMMIT:
        case XACT_EVENT_PRE_PREPARE:
            WithdrawSnapshot();
            while (first_snapshot != nullptr) Release(first_snapshot->number);
            break;
        case XACT_EVENT_ABORT:
            WithdrawSnapshot();
            // Its resource owner lets go of them.
            first_snapshot = nullptr;
            snapshot_count = 0;
            break;
        default:
            break;
    }
}

extern "C" {

static void HerdStatementSnapshotsEvent(XactEvent event, void*) {
    postgres::Enter([&]() { OnTransactionEvent(event); });
}

}  // extern "C"

void RegisterStatementSnapshots() {
    RegisterXactCallback(HerdStatementSnapshotsEvent, nullptr);
    RegisterSharedSnapshots();
}

}  // namespace herd::guard
