#include "transaction/recovery.h"

#include "catalog/metadata.h"
#include "transaction/away_nodes.h"
#include "transaction/commit_records.h"
#include "transaction/node_visit.h"
#include "transaction/recovery_duty.h"

extern "C" {
#include <access/transam.h>
#include <access/xact.h>
#include <storage/procarray.h>
}

namespace herd::transaction {

namespace {

bool StillRuns(uint64 transaction_id) {
    constexpr uint64 kHalf = UINT64CONST(1) << 31;
    uint64 next = U64FromFullTransactionId(ReadNextFullTransactionId());
    // A crash lost even its id, so it can't have committed.
    if (transaction_id >= next || next - transaction_id >= kHalf) return false;
    auto xid = static_cast<TransactionId>(transaction_id);
    // Our own id was given out before, then: this transaction has prepared nothing.
    return !TransactionIdIsCurrentTransactionId(xid) && TransactionIdIsInProgress(xid);
}

}  // namespace

// The order matters: a transaction that has ended by now has its record, if it committed, visible to the look that follows.
Outcome FindOutcome(const Gid& gid, const char* text) {
    if (StillRuns(gid.transaction_id)) return Outcome::kRunning;
    return HasCommitRecord(gid, text) ? Outcome::kCommitted : Outcome::kAborted;
}

namespace {

List* ListOwn(Visit* visit) {
    char prefix[kGidSize];
    FormatGidPrefix(visit->coordinator, prefix);
    return ListPrepared(visit, prefix);
}

// Somebody else may be faster: that is no error.
void Resolve(Visit* visit, const char* text, Outcome outcome) {
    char sql[kGidSize + 32];
    snprintf(sql, sizeof(sql), "%s PREPARED '%s'", outcome == Outcome::kCommitted ? "COMMIT" : "ROLLBACK", text);
    if (ExecuteAlone(visit, sql)) visit->resolved++;
}

void ResolveAll(Visit* visit) {
    ListCell* cell;
    foreach (cell, ListOwn(visit)) {
        const auto* part = static_cast<const PreparedPart*>(lfirst(cell));
        const char* text = part->gid;
        std::optional<Gid> gid = ParseGid(visit->coordinator, text);
        if (!gid) continue;
        if (part->age < visit->youngest) {
            visit->skipped++;
            continue;
        }
        Outcome outcome = FindOutcome(*gid, text);
        if (outcome != Outcome::kRunning) Resolve(visit, text, outcome);
    }
}

bool IsListed(Visit* visit, List* parts, Gid gid) {
    ListCell* cell;
    foreach (cell, parts) {
        std::optional<Gid> listed = ParseGid(visit->coordinator, static_cast<const PreparedPart*>(lfirst(cell))->gid);
        if (listed && listed->transaction_id == gid.transaction_id && listed->node == gid.node) return true;
    }
    return false;
}

// Of a committed record the node had prepared its part before. If it has it no more, it is finished there. So the records
// are read first here.
void RemoveRecords(Visit* visit) {
    int count;
    Gid* records = ReadCommitRecords(&count);
    bool any = false;
    for (int i = 0; i < count; i++) any = any || records[i].node == visit->node->id;
    if (!any) return;
    List* still_prepared = ListOwn(visit);
    for (int i = 0; i < count; i++)
        if (records[i].node == visit->node->id && !IsListed(visit, still_prepared, records[i]))
            DeleteCommitRecord(records[i]);
}

void RecoverNode(Visit* visit) {
    ResolveAll(visit);
    RemoveRecords(visit);
}

// Of a node that was removed nobody will ask any more.
void RemoveOrphanedRecords(const catalog::NodeInfo* const* nodes, int node_count) {
    int count;
    Gid* records = ReadCommitRecords(&count);
    for (int i = 0; i < count; i++) {
        bool known = false;
        for (int j = 0; j < node_count; j++) known = known || nodes[j]->id == records[i].node;
        if (!known) DeleteCommitRecord(records[i]);
    }
}

}  // namespace

void FinishTransaction(uint64 transaction_id) {
    Coordinator coordinator = ThisCoordinator();
    int count;
    Gid* records = ReadCommitRecords(&count);
    for (int i = 0; i < count; i++) {
        if (records[i].transaction_id != transaction_id) continue;
        Visit visit{catalog::GetNode(records[i].node), coordinator, RecoverNode};
        if (!TryVisit(&visit, WARNING)) RequestRecovery();
    }
}

namespace {

// What was prepared just now is about to be finished by its own session; to be quicker would only get in its way.
constexpr int64 kYoungMilliseconds = 500;

bool IsRemote(const catalog::NodeInfo* node) { return node->id != kOwnNode && OidIsValid(node->server); }

}  // namespace

Recovery RecoverTransactions(RecoveryBy by) {
    Coordinator coordinator = ThisCoordinator();
    int count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&count);
    Recovery recovery{0, 0, 0};
    auto look = [&](const catalog::NodeInfo* node) {
        int64 youngest = by == RecoveryBy::kWorker ? kYoungMilliseconds : 0;
        Visit visit{node, coordinator, RecoverNode, youngest};
        TimestampTz started = GetCurrentTimestamp();
        bool answered = TryVisit(&visit, by == RecoveryBy::kUser ? WARNING : DEBUG1);
        NoteLook(node->id, started, answered);
        recovery.unreachable_nodes += answered ? 0 : 1;
        recovery.skipped += visit.skipped;
        recovery.resolved += visit.resolved;
    };
    auto* was_away = static_cast<bool*>(palloc(sizeof(bool) * count));
    for (int i = 0; i < count; i++) {
        was_away[i] = IsAway(nodes[i]->id);
        if (IsRemote(nodes[i]) && !was_away[i]) look(nodes[i]);
    }
    // Each of these may cost a timeout, while others may be back: so one at a time.
    bool waited = false;
    for (int i = 0; i < count; i++) {
        if (!IsRemote(nodes[i]) || !was_away[i]) continue;
        if (by == RecoveryBy::kUser || (!waited && IsTimeToLook(nodes[i]->id))) {
            look(nodes[i]);
            waited = IsAway(nodes[i]->id);
        } else {
            recovery.unreachable_nodes++;
        }
    }
    RemoveOrphanedRecords(nodes, count);
    return recovery;
}

}  // namespace herd::transaction
