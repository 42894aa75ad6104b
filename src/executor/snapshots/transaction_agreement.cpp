#include "executor/snapshots/transaction_agreement.h"

#include "catalog/metadata.h"
#include "executor/snapshots/nodes_read.h"
#include "executor/snapshots/snapshot_round.h"
#include "transaction/session.h"

extern "C" {
#include <access/transam.h>
#include <access/xact.h>
#include <utils/resowner.h>
#include <utils/snapmgr.h>
}

namespace herd::executor {

static Snapshot transaction_snapshot;  // of the own node, on TopTransactionResourceOwner; null before the agreement

static uint32 BeginAnew(void* argument) {
    const NodesRead* nodes = (const NodesRead*)argument;
    for (int i = 0; i < nodes->count; i++) transaction::EndReading(nodes->nodes[i]);
    return 0;
}

void ReleaseTransactionSnapshot() {
    if (transaction_snapshot != nullptr) UnregisterSnapshotFromOwner(transaction_snapshot, TopTransactionResourceOwner);
    transaction_snapshot = nullptr;
}

static Snapshot TakeForTransaction(void*) {
    ReleaseTransactionSnapshot();
    transaction_snapshot = RegisterSnapshotOnOwner(GetLatestSnapshot(), TopTransactionResourceOwner);
    return transaction_snapshot;
}

// Not only the system's catalogs: those are read by everything, pg_dump first of all.
static bool ReadsTables(const PlannedStmt* statement) {
    ListCell* cell;
    foreach (cell, statement->rtable) {
        const RangeTblEntry* rte = (const RangeTblEntry*)lfirst(cell);
        if (rte->rtekind == RTE_RELATION && rte->relid >= FirstNormalObjectId) return true;
    }
    return false;
}

static NodesRead AllNodesOfCluster() {
    NodesRead nodes = {};
    int count;
    const catalog::NodeInfo* const* all = catalog::AllNodes(&count);
    nodes.nodes = (NodeId*)palloc(count * sizeof(NodeId));
    nodes.own = true;
    for (int i = 0; i < count; i++)
        if (all[i]->id != kOwnNode && OidIsValid(all[i]->server)) nodes.nodes[nodes.count++] = all[i]->id;
    return nodes;
}

// The transaction's snapshot with the statement's view of its own changes.
static void UseTransactionSnapshot(QueryDesc* query_desc) {
    Snapshot previous = query_desc->snapshot;
    PushCopiedSnapshot(transaction_snapshot);
    GetActiveSnapshot()->curcid = previous->curcid;
    query_desc->snapshot = RegisterSnapshot(GetActiveSnapshot());
    PopActiveSnapshot();
    UnregisterSnapshot(previous);
}

// By the transaction's first statement that reads or writes tables. Where another kind of statement has been at work on a node, its
// snapshot there is what it is.
static void AgreeForTransaction() {
    NodesRead nodes = AllNodesOfCluster();
    bool too_late = nodes.count == 0;
    for (int i = 0; i < nodes.count; i++) too_late = too_late || transaction::HasWorkOn(nodes.nodes[i]);
    if (!too_late) AgreeOverNodes(nodes, {BeginAnew, TakeForTransaction, &nodes});
}

// Foreign keys are checked with a later snapshot than the transaction's.
static bool HasTransactionSnapshot(const QueryDesc* query_desc) {
    const SnapshotData* mine = query_desc->snapshot;
    const SnapshotData* first = GetTransactionSnapshot();
    return mine->xmin == first->xmin && mine->xmax == first->xmax && mine->xcnt == first->xcnt &&
           memcmp(mine->xip, first->xip, mine->xcnt * sizeof(TransactionId)) == 0;
}

void AgreeInTransaction(QueryDesc* query_desc) {
    if (!HasTransactionSnapshot(query_desc)) return;
    if (transaction_snapshot == nullptr && ReadsTables(query_desc->plannedstmt)) AgreeForTransaction();
    if (transaction_snapshot != nullptr) UseTransactionSnapshot(query_desc);
}

bool PushAgreementOfTransaction() {
    if (transaction_snapshot == nullptr) AgreeForTransaction();
    if (transaction_snapshot == nullptr) return false;
    PushCopiedSnapshot(transaction_snapshot);
    UpdateActiveSnapshotCommandId();
    return true;
}

bool HasTransactionAgreement() { return transaction_snapshot != nullptr; }

void ForgetTransactionSnapshot() { transaction_snapshot = nullptr; }

}  // namespace herd::executor
