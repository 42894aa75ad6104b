#include "transaction/two_phase_commit.h"

#include "cluster/remote_error.h"
#include "postgres/error.h"
#include "postgres/fault_point.h"
#include "transaction/commit_records.h"
#include "transaction/confirmed_records.h"
#include "transaction/node_work.h"
#include "transaction/recent_commits.h"
#include "transaction/recovery_duty.h"
#include "transaction/settings.h"

extern "C" {
#include <access/transam.h>
#include <access/xact.h>
#include <miscadmin.h>
}

namespace herd::transaction {

namespace {

bool preparing;   // this transaction commits in two phases
bool local_work;  // see NoteLocalWork()

// Of this backend: no other transaction with the same id has it.
uint64 Nonce() {
    static uint64 nonce = 0;
    if (nonce == 0 && !pg_strong_random(&nonce, sizeof(nonce)))
        ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not generate a random number")));
    return nonce;
}

TimestampTz CommitDeadline() { return TimestampTzPlusMilliseconds(GetCurrentTimestamp(), commit_timeout); }

bool IsWriter(const NodeWork* work) { return work->write_level > 0; }

template <class Action>
void EachBegun(Action action) {
    for (NodeWork* work = first_work; work != nullptr; work = work->next)
        if (work->begin_level > 0) action(work);
}

void RequireAlive(NodeWork* work) {
    if (!work->lost && work->connection != nullptr && !cluster::IsBroken(work->connection)) return;
    ereport(ERROR, (errcode(ERRCODE_CONNECTION_FAILURE), errmsg("lost connection to node \"%s\"", work->node_name),
                    errdetail("What this transaction did there is undone, so the transaction can't commit.")));
}

void SendCommit(NodeWork* work) {
    work->connection->failed = false;
    if (!cluster::QueueCommit(work->connection) || !cluster::QueueSync(work->connection, CommitDeadline()))
        RaiseFailure(work, nullptr);
}

void SendPrepare(NodeWork* work) {
    work->connection->failed = false;
    QueueSettings(work, nullptr);
    work->prepare_sent = true;
    if (!cluster::QueuePrepareTransaction(work->connection, work->gid) ||
        !cluster::QueueSync(work->connection, CommitDeadline()))
        RaiseFailure(work, nullptr);
}

// Raises unless the node did what it was told.
void RequireDone(NodeWork* work, TimestampTz deadline) {
    bool answered = cluster::AwaitReplies(work->connection, deadline);
    if (answered && !work->connection->failed) return;
    if (!answered && !cluster::IsBroken(work->connection))
        ereport(ERROR, (errcode(ERRCODE_CONNECTION_FAILURE),
                        errmsg("node \"%s\" did not answer within %d ms", work->node_name, commit_timeout)));
    RaisePending(work);
    RequireAlive(work);
    ereport(ERROR, (errcode(ERRCODE_IN_FAILED_SQL_TRANSACTION),
                    errmsg("the transaction on node \"%s\" has failed and can't commit", work->node_name)));
}

// A node may take its time to prepare (it checks deferred constraints, say), as long as it lives.
void RequirePrepared(NodeWork* work) {
    while (!cluster::AwaitReplies(work->connection, CommitDeadline()))
        if (cluster::IsBroken(work->connection) || !cluster::IsAnswering(work->connection)) break;
    RequireDone(work, GetCurrentTimestamp());
}

void CommitReaders() {
    EachBegun([](NodeWork* work) {
        if (!IsWriter(work)) SendCommit(work);
    });
    EachBegun([](NodeWork* work) {
        if (!IsWriter(work)) RequireDone(work, CommitDeadline());
        if (!IsWriter(work)) work->begin_level = 0;
    });
}

// A cancel is the node's to serve: it may have committed already.
bool AwaitCommit(cluster::Connection* connection) {
    constexpr int kSliceMilliseconds = 100;
    TimestampTz deadline = CommitDeadline();
    bool cancel_sent = false;
    while (GetCurrentTimestamp() < deadline) {
        TimestampTz slice = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), kSliceMilliseconds);
        if (cluster::AwaitReplies(connection, Min(slice, deadline))) return true;
        if (cluster::IsBroken(connection)) return false;
        if (QueryCancelPending && !cancel_sent) {
            cluster::CancelStatement(connection, deadline);
            cancel_sent = true;
        }
        if (ProcDiePending) return cluster::AwaitReplies(connection, deadline);
    }
    return false;
}

// From the moment COMMIT is sent its outcome is the node's; not to know it is an error of its own.
void CommitSingleWriter(NodeWork* work) {
    cluster::Connection* connection = work->connection;
    connection->failed = false;
    QueueSettings(work, nullptr);
    if (!cluster::QueueCommit(connection)) RaiseFailure(work, nullptr);
    work->commit_sent = true;
    connection->hold_interrupts = true;
    bool answered = cluster::QueueSync(connection, CommitDeadline()) && AwaitCommit(connection);
    connection->hold_interrupts = false;
    if (!answered) RaiseUnknownOutcome(work);
    work->begin_level = 0;
    if (connection->failed) RequireDone(work, CommitDeadline());
}

// Whom a reader must look at to see all of this transaction or nothing of it.
Participants FindParticipants() {
    Participants participants;
    if (TransactionIdIsValid(GetTopTransactionIdIfAny())) participants.Add(kOwnNode);
    EachBegun([&](NodeWork* work) { participants.Add(work->node); });
    return participants;
}

void PrepareWriters() {
    Coordinator coordinator = ThisCoordinator();
    Participants participants = FindParticipants();
    uint64 transaction_id = U64FromFullTransactionId(GetTopFullTransactionId());
    uint64 nonce = Nonce();
    preparing = true;
    if (participants.MayInclude(kOwnNode)) NoteOwnPart({coordinator, {transaction_id, kOwnNode, nonce, participants}});
    postgres::FaultPoint("commit.before_prepare");
    EachBegun([&](NodeWork* work) {
        FormatGid(coordinator, {transaction_id, work->node, nonce, participants}, work->gid);
        SendPrepare(work);
    });
    EachBegun(RequirePrepared);
    postgres::FaultPoint("commit.after_prepare");
    EachBegun([&](NodeWork* work) { InsertCommitRecord({transaction_id, work->node, nonce}, work->gid); });
}

bool IsResolved(const cluster::Connection* connection) {
    // Recovery came first.
    return !connection->failed || connection->failed_sqlstate == ERRCODE_UNDEFINED_OBJECT;
}

struct CommitStep {
    NodeWork* work;
    TimestampTz deadline;
};

void SendCommitPrepared(void* argument) {
    auto* step = static_cast<CommitStep*>(argument);
    NodeWork* work = step->work;
    char sql[kGidSize + 32];
    snprintf(sql, sizeof(sql), "COMMIT PREPARED '%s'", work->gid);
    work->connection->quiet = true;
    work->connection->failed = false;
    work->commit_sent =
        cluster::QueueControl(work->connection, sql, nullptr) && cluster::QueueSync(work->connection, step->deadline);
}

void AwaitCommitPrepared(void* argument) {
    auto* step = static_cast<CommitStep*>(argument);
    NodeWork* work = step->work;
    if (!work->commit_sent || !cluster::AwaitReplies(work->connection, step->deadline)) return;
    if (!IsResolved(work->connection)) return;
    work->begin_level = 0;
    NoteConfirmed({U64FromFullTransactionId(GetTopFullTransactionIdIfAny()), work->node, 0});
}

void LeaveToRecovery(void* argument) {
    auto* work = static_cast<NodeWork*>(argument);
    RequestRecovery();
    cluster::CloseConnection(work->connection);
    work->connection = nullptr;
    ereport(WARNING, (errmsg("node \"%s\" has not confirmed the commit yet", work->node_name),
                      errdetail("The transaction is committed; the node's part of it stays prepared for now."),
                      errhint("The background worker finishes it.")));
}

struct Writers {
    int count;
    NodeWork* last;
};

Writers CommitReadersAndFindWriters() {
    Writers writers{0, nullptr};
    EachBegun([&](NodeWork* work) {
        RequireAlive(work);
        if (!IsWriter(work)) return;
        writers.count++;
        writers.last = work;
    });
    preparing = false;
    CommitReaders();
    return writers;
}

}  // namespace

void RaiseUnknownOutcome(NodeWork* work) {
    cluster::CloseConnection(work->connection);
    work->connection = nullptr;
    ereport(ERROR, (errcode(ERRCODE_TRANSACTION_RESOLUTION_UNKNOWN),
                    errmsg("lost connection to node \"%s\" during COMMIT", work->node_name),
                    errdetail("It is not known whether the transaction has committed.")));
}

bool IsCoordinatorConcerned() {
    return local_work || TransactionIdIsValid(GetTopTransactionIdIfAny()) || IsolationIsSerializable();
}

void CommitOrPrepareNodes() {
    Writers writers = CommitReadersAndFindWriters();
    if (writers.count == 0) return;
    if (writers.count == 1 && !IsCoordinatorConcerned()) {
        CommitSingleWriter(writers.last);
        return;
    }
    PrepareWriters();
    RemoveConfirmedRecords();
    ForceSyncCommit();
}

void PrepareNodes() {
    if (CommitReadersAndFindWriters().count == 0) return;
    // PostgreSQL looks for these too, but later.
    if ((MyXactFlags & XACT_FLAGS_ACCESSEDTEMPNAMESPACE) != 0)
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("cannot PREPARE a transaction that has operated on temporary objects")));
    if (local_work)
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("cannot PREPARE a transaction that has executed LISTEN, UNLISTEN, or NOTIFY")));
    PrepareWriters();
}

void CommitPreparedNodes() {
    if (!preparing) return;
    preparing = false;
    ForgetRemovedRecords();
    CommitStep step{nullptr, CommitDeadline()};
    auto each = [&](void (*action)(void*)) {
        EachBegun([&](NodeWork* work) {
            step.work = work;
            postgres::Attempt(action, &step);
        });
    };
    if (postgres::Attempt([](void*) { postgres::FaultPoint("commit.before_commit_prepared"); }, nullptr))
        each(SendCommitPrepared);
    each(AwaitCommitPrepared);
    EachBegun([](NodeWork* work) { postgres::Attempt(LeaveToRecovery, work); });
    postgres::Attempt([](void*) { postgres::FaultPoint("commit.after_commit_prepared"); }, nullptr);
}

void NoteLocalWork() { local_work = true; }

void ForgetTwoPhaseCommit() {
    preparing = false;
    local_work = false;
    KeepRemovedRecords();
}

}  // namespace herd::transaction
