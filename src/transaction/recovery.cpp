#include "transaction/recovery.h"

#include "catalog/metadata.h"
#include "cluster/remote_error.h"
#include "cluster/replies.h"
#include "postgres/error.h"
#include "transaction/commit_records.h"
#include "transaction/recovery_duty.h"
#include "transaction/settings.h"

extern "C" {
#include <access/transam.h>
#include <access/xact.h>
#include <catalog/pg_type.h>
#include <executor/executor.h>
#include <storage/procarray.h>
#include <utils/builtins.h>
#include <utils/resowner.h>
}

namespace herd::transaction {

namespace {

// What became of one of our transactions, as far as it can be known now.
enum class Outcome : uint8 { kOpen, kCommitted, kAborted };

struct Visit {
    const catalog::NodeInfo* node;
    Coordinator coordinator;
    cluster::Connection* connection;
    int resolved;
};

TimestampTz Deadline() { return TimestampTzPlusMilliseconds(GetCurrentTimestamp(), commit_timeout); }

bool StillRuns(uint64 transaction_id) {
    constexpr uint64 kHalf = UINT64CONST(1) << 31;
    uint64 next = U64FromFullTransactionId(ReadNextFullTransactionId());
    // A crash lost even its id, so it can't have committed.
    if (transaction_id >= next || next - transaction_id >= kHalf) return false;
    auto xid = static_cast<TransactionId>(transaction_id);
    // Our own id was given out before, then: this transaction has prepared nothing.
    return !TransactionIdIsCurrentTransactionId(xid) && TransactionIdIsInProgress(xid);
}

// The order matters: a transaction that has ended by now has its record, if it committed, visible to the look that follows.
Outcome FindOutcome(Gid gid, const char* text) {
    if (StillRuns(gid.transaction_id)) return Outcome::kOpen;
    return HasCommitRecord(gid, text) ? Outcome::kCommitted : Outcome::kAborted;
}

void RequireAnswer(Visit* visit, bool good) {
    if (good) return;
    if (visit->connection->error != nullptr) cluster::RaiseError(visit->connection->error);
    ereport(ERROR, (errcode(ERRCODE_CONNECTION_FAILURE), errmsg("node \"%s\" does not answer", visit->node->name)));
}

// Our gids that are prepared on the node, as texts.
List* ListPrepared(Visit* visit) {
    char prefix[kGidSize];
    FormatGidPrefix(visit->coordinator, prefix);
    char* sql = psprintf(
        "SELECT gid FROM pg_catalog.pg_prepared_xacts"
        " WHERE database = pg_catalog.current_database() AND pg_catalog.starts_with(gid, '%s')",
        prefix);
    TupleDesc desc = CreateTemplateTupleDesc(1);
    TupleDescInitBuiltinEntry(desc, 1, "gid", TEXTOID, -1, 0);
    auto* result = static_cast<cluster::RemoteResult*>(palloc0(sizeof(cluster::RemoteResult)));
    cluster::InitRemoteResult(result, CurrentMemoryContext, desc, nullptr);
    result->whole = true;
    RequireAnswer(visit, cluster::QueueStatement(visit->connection, {sql, false, {}}, desc, result) &&
                             cluster::QueueSync(visit->connection, Deadline()) &&
                             cluster::AwaitReplies(visit->connection, Deadline()));
    if (result->error != nullptr) cluster::RaiseError(result->error);
    List* gids = NIL;
    TupleTableSlot* slot = MakeSingleTupleTableSlot(desc, &TTSOpsVirtual);
    while (cluster::TakeRow(result, slot)) gids = lappend(gids, TextDatumGetCString(slot->tts_values[0]));
    ExecDropSingleTupleTableSlot(slot);
    cluster::EndRemoteResult(result);
    return gids;
}

// Somebody else may be faster: that is no error.
void Resolve(Visit* visit, const char* text, Outcome outcome) {
    char sql[kGidSize + 32];
    snprintf(sql, sizeof(sql), "%s PREPARED '%s'", outcome == Outcome::kCommitted ? "COMMIT" : "ROLLBACK", text);
    visit->connection->failed = false;
    bool answered = cluster::QueueControl(visit->connection, sql, nullptr) &&
                    cluster::QueueSync(visit->connection, Deadline()) &&
                    cluster::AwaitReplies(visit->connection, Deadline());
    bool gone = visit->connection->failed && visit->connection->failed_sqlstate == ERRCODE_UNDEFINED_OBJECT;
    if (gone) visit->connection->error = nullptr;
    RequireAnswer(visit, answered && (gone || !visit->connection->failed));
    if (!gone) visit->resolved++;
}

void ResolveAll(Visit* visit) {
    ListCell* cell;
    foreach (cell, ListPrepared(visit)) {
        const char* text = static_cast<const char*>(lfirst(cell));
        std::optional<Gid> gid = ParseGid(visit->coordinator, text);
        if (!gid) continue;
        Outcome outcome = FindOutcome(*gid, text);
        if (outcome != Outcome::kOpen) Resolve(visit, text, outcome);
    }
}

bool IsListed(Visit* visit, List* texts, Gid gid) {
    ListCell* cell;
    foreach (cell, texts) {
        std::optional<Gid> listed = ParseGid(visit->coordinator, static_cast<const char*>(lfirst(cell)));
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
    List* still_prepared = ListPrepared(visit);
    for (int i = 0; i < count; i++)
        if (records[i].node == visit->node->id && !IsListed(visit, still_prepared, records[i]))
            DeleteCommitRecord(records[i]);
}

void VisitNode(void* argument) {
    auto* visit = static_cast<Visit*>(argument);
    visit->connection = cluster::OpenPrivateConnection(visit->node->id);
    ResolveAll(visit);
    RemoveRecords(visit);
    cluster::CloseConnection(visit->connection);
}

// In a subtransaction: what one node refuses does not keep the others from being visited.
bool TryVisit(Visit* visit, int elevel) {
    MemoryContext caller = CurrentMemoryContext;
    ResourceOwner owner = CurrentResourceOwner;
    BeginInternalSubTransaction(nullptr);
    MemoryContextSwitchTo(caller);
    ErrorData* error = postgres::CatchError(VisitNode, visit);
    if (error == nullptr)
        ReleaseCurrentSubTransaction();
    else
        RollbackAndReleaseCurrentSubTransaction();
    MemoryContextSwitchTo(caller);
    CurrentResourceOwner = owner;
    if (error == nullptr) return true;
    if (error->sqlerrcode == ERRCODE_QUERY_CANCELED || error->sqlerrcode == ERRCODE_ADMIN_SHUTDOWN) ReThrowError(error);
    ereport(elevel, (errcode(error->sqlerrcode),
                     errmsg("could not resolve the prepared transactions of node \"%s\"", visit->node->name),
                     errdetail_internal("%s", error->message)));
    return false;
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
        Visit visit{catalog::GetNode(records[i].node), coordinator, nullptr, 0};
        if (!TryVisit(&visit, WARNING)) RequestRecovery();
    }
}

Recovery RecoverTransactions(int unreachable_elevel) {
    Coordinator coordinator = ThisCoordinator();
    int count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&count);
    Recovery recovery{0, 0};
    for (int i = 0; i < count; i++) {
        if (nodes[i]->id == kOwnNode || !OidIsValid(nodes[i]->server)) continue;
        Visit visit{nodes[i], coordinator, nullptr, 0};
        if (!TryVisit(&visit, unreachable_elevel)) recovery.unreachable_nodes++;
        recovery.resolved += visit.resolved;
    }
    RemoveOrphanedRecords(nodes, count);
    return recovery;
}

}  // namespace herd::transaction
