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
}

namespace herd::transaction {

namespace {

bool preparing;  // this transaction commits in two phases

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

void CommitReaders() {
    EachBegun([](NodeWork* work) {
        if (!IsWriter(work)) SendCommit(work);
    });
    EachBegun([](NodeWork* work) {
        if (!IsWriter(work)) RequireDone(work, CommitDeadline());
        if (!IsWriter(work)) work->begin_level = 0;
    });
}

// From the moment COMMIT is sent its outcome is the node's; not to know it is an error of its own.
void CommitSingleWriter(NodeWork* work) {
    SendCommit(work);
    work->commit_sent = true;
    work->connection->hold_interrupts = true;
    bool answered = cluster::AwaitReplies(work->connection, CommitDeadline());
    work->connection->hold_interrupts = false;
    if (!answered) {
        cluster::CloseConnection(work->connection);
        work->connection = nullptr;
        ereport(ERROR, (errcode(ERRCODE_TRANSACTION_RESOLUTION_UNKNOWN),
                        errmsg("lost connection to node \"%s\" during COMMIT", work->node_name),
                        errdetail("It is not known whether the transaction has committed.")));
    }
    work->begin_level = 0;
    if (work->connection->failed) RequireDone(work, CommitDeadline());
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
    EachBegun([](NodeWork* work) { RequireDone(work, cluster::kNoDeadline); });
    postgres::FaultPoint("commit.after_prepare");
    RemoveConfirmedRecords();
    EachBegun([&](NodeWork* work) { InsertCommitRecord({transaction_id, work->node, nonce}, work->gid); });
    ForceSyncCommit();
}

bool IsResolved(const cluster::Connection* connection) {
    // Recovery came first.
    return !connection->failed || connection->failed_sqlstate == ERRCODE_UNDEFINED_OBJECT;
}

void CommitPrepared(void*) {
    postgres::FaultPoint("commit.before_commit_prepared");
    TimestampTz deadline = CommitDeadline();
    EachBegun([&](NodeWork* work) {
        char sql[kGidSize + 32];
        snprintf(sql, sizeof(sql), "COMMIT PREPARED '%s'", work->gid);
        work->connection->quiet = true;
        work->connection->failed = false;
        work->commit_sent =
            cluster::QueueControl(work->connection, sql, nullptr) && cluster::QueueSync(work->connection, deadline);
    });
    EachBegun([&](NodeWork* work) {
        if (!work->commit_sent || !cluster::AwaitReplies(work->connection, deadline)) return;
        if (!IsResolved(work->connection)) return;
        work->begin_level = 0;
        NoteConfirmed({U64FromFullTransactionId(GetTopFullTransactionIdIfAny()), work->node, 0});
    });
}

}  // namespace

void CommitOrPrepareNodes() {
    int writers = 0;
    NodeWork* writer = nullptr;
    EachBegun([&](NodeWork* work) {
        RequireAlive(work);
        if (!IsWriter(work)) return;
        writers++;
        writer = work;
    });
    preparing = false;
    CommitReaders();
    if (writers == 0) return;
    if (writers == 1 && !TransactionIdIsValid(GetTopTransactionIdIfAny()))
        CommitSingleWriter(writer);
    else
        PrepareWriters();
}

void CommitPreparedNodes() {
    if (!preparing) return;
    preparing = false;
    ForgetRemovedRecords();
    ErrorData* error = postgres::CatchError(CommitPrepared, nullptr);
    (void)error;
    EachBegun([](NodeWork* work) {
        RequestRecovery();
        cluster::CloseConnection(work->connection);
        work->connection = nullptr;
        ereport(WARNING, (errmsg("node \"%s\" has not confirmed the commit yet", work->node_name),
                          errdetail("The transaction is committed; the node's part of it stays prepared for now."),
                          errhint("The background worker finishes it.")));
    });
}

void ForgetTwoPhaseCommit() {
    preparing = false;
    KeepRemovedRecords();
}

}  // namespace herd::transaction
