// Undoing on the nodes. All waiting has one deadline; a connection that does not obey by then is closed, and the node
// undoes by itself.
#include "transaction/node_work.h"

#include "postgres/error.h"
#include "postgres/fault_point.h"
#include "transaction/recovery_duty.h"

extern "C" {
#include <access/xact.h>
#include <miscadmin.h>
}

namespace herd::transaction {

namespace {

constexpr int kAbortMilliseconds = 5000;
constexpr int kPatienceMilliseconds = 10;  // before the node is told to stop

TimestampTz AbortDeadline() { return TimestampTzPlusMilliseconds(GetCurrentTimestamp(), kAbortMilliseconds); }

template <class Action>
void EachConnection(Action action) {
    for (NodeWork* work = first_work; work != nullptr; work = work->next)
        if (work->connection != nullptr) action(work);
}

// Everything of this level or deeper that is on its way is unwanted now.
void DiscardFrom(int level) {
    for (Stream* stream = first_stream; stream != nullptr; stream = stream->next)
        if (stream->level >= level) stream->discard = true;
    EachConnection([&](NodeWork* work) {
        if (work->copy == nullptr || work->copy->level < level) return;
        work->copy->result.discard = true;
        work->copy = nullptr;
        if (work->connection->copy_in) PQputCopyEnd(work->connection->pg, "canceled");
        work->connection->copy_in = false;
    });
}

// The rest of a packet that has not been sent would commit.
bool IsCommitting(const NodeWork* work) { return work->commit_sent && cluster::IsExpecting(work->connection); }

// Waits until the node is idle, telling it to stop. False if it does not.
bool Quiesce(NodeWork* work, TimestampTz deadline) {
    cluster::Connection* connection = work->connection;
    if (!cluster::IsExpecting(connection)) return !cluster::IsBroken(connection);
    if (IsCommitting(work)) return false;
    if (!cluster::EndPacket(connection, deadline)) return false;
    // A node that raised an error is about to be idle.
    TimestampTz soon = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), kPatienceMilliseconds);
    if (cluster::AwaitReplies(connection, Min(soon, deadline))) return true;
    if (cluster::IsBroken(connection)) return false;
    return cluster::CancelStatement(connection, deadline) && cluster::AwaitReplies(connection, deadline);
}

// What is or may yet become prepared there is the background worker's business then.
void Close(NodeWork* work) {
    if (work->prepare_sent) RequestRecovery();
    cluster::CloseConnection(work->connection);
    work->connection = nullptr;
    work->lost = work->begin_level > 0;
}

// After PREPARE TRANSACTION the node's session is idle, and what it prepared must be rolled back by name.
void SendRollback(NodeWork* work, TimestampTz deadline) {
    cluster::Connection* connection = work->connection;
    char sql[kGidSize + 32] = "ROLLBACK";
    if (PQtransactionStatus(connection->pg) == PQTRANS_IDLE) {
        if (!work->prepare_sent) return;
        snprintf(sql, sizeof(sql), "ROLLBACK PREPARED '%s'", work->gid);
    }
    connection->failed = false;
    if (!cluster::QueueControl(connection, sql, nullptr) || !cluster::QueueSync(connection, deadline))
        Close(work);
    else if (connection->settings_sent_in_transaction)
        cluster::ForgetSettingsOfTransaction(&connection->settings);
}

bool IsIdle(const NodeWork* work) {
    return !cluster::IsBroken(work->connection) && !IsCommitting(work) &&
           cluster::AwaitReplies(work->connection, GetCurrentTimestamp());
}

// A node that had refused to prepare has nothing to roll back.
bool IsStillPrepared(const NodeWork* work) {
    const cluster::Connection* connection = work->connection;
    return work->prepare_sent && connection->failed && connection->failed_sqlstate != ERRCODE_UNDEFINED_OBJECT;
}

void AbortAll(void*) {
    postgres::FaultPoint("abort.before_rollback");
    TimestampTz deadline = AbortDeadline();
    DiscardFrom(1);
    EachConnection([](NodeWork* work) { work->connection->quiet = true; });
    // Who has nothing more to say first: a node that does not answer must not keep locks elsewhere.
    EachConnection([&](NodeWork* work) {
        work->rolling_back = IsIdle(work);
        if (work->rolling_back && work->begin_level > 0) SendRollback(work, deadline);
    });
    EachConnection([&](NodeWork* work) {
        if (!work->rolling_back && !Quiesce(work, deadline)) Close(work);
    });
    EachConnection([&](NodeWork* work) {
        if (!work->rolling_back && work->begin_level > 0) SendRollback(work, deadline);
    });
    EachConnection([&](NodeWork* work) {
        if (!cluster::AwaitReplies(work->connection, deadline) || IsStillPrepared(work)) Close(work);
    });
}

// A cursor of an outer level may have been read here: its rows are put aside, not canceled.
bool HasWantedReplies(const NodeWork* work) {
    for (Stream* stream = first_stream; stream != nullptr; stream = stream->next)
        if (stream->work == work && !stream->discard && !stream->done) return true;
    return false;
}

bool HasUnwantedReplies(const NodeWork* work) {
    for (Stream* stream = first_stream; stream != nullptr; stream = stream->next)
        if (stream->work == work && stream->discard && !stream->done) return true;
    return !work->connection->pipeline || work->connection->failed;
}

struct RollbackTo {
    NodeWork* work;
    int level;
    TimestampTz deadline;
    bool done;
};

// The answer is not waited for: it is checked with the next statement's.
bool SendRollbackTo(NodeWork* work, int level, TimestampTz deadline) {
    cluster::Connection* connection = work->connection;
    char sql[64];
    snprintf(sql, sizeof(sql), "ROLLBACK TO SAVEPOINT herd_%d", level);
    if (!cluster::QueueControl(connection, sql, nullptr)) return false;
    snprintf(sql, sizeof(sql), "RELEASE SAVEPOINT herd_%d", level);
    if (connection->settings_sent_in_transaction) cluster::ForgetSettingsOfTransaction(&connection->settings);
    return cluster::QueueControl(connection, sql, nullptr) && cluster::QueueSync(connection, deadline);
}

void RollBackTo(void* argument) {
    auto* step = static_cast<RollbackTo*>(argument);
    NodeWork* work = step->work;
    cluster::Connection* connection = work->connection;
    if (cluster::IsExpecting(connection) && HasUnwantedReplies(work)) {
        bool quiet = HasWantedReplies(work) ? cluster::EndPacket(connection, step->deadline) &&
                                                  cluster::AwaitReplies(connection, step->deadline)
                                            : Quiesce(work, step->deadline);
        if (!quiet) return;
    }
    if (cluster::IsBroken(connection)) return;
    connection->failed = false;
    step->done = work->savepoint_level < step->level || SendRollbackTo(work, step->level, step->deadline);
}

void AbortLevel(NodeWork* work, int level, TimestampTz deadline) {
    RollbackTo step{work, level, deadline, false};
    work->connection->quiet = true;
    if (!postgres::Attempt(RollBackTo, &step) || !step.done) {
        Close(work);
        return;
    }
    work->connection->quiet = false;
    if (work->savepoint_level >= level) {
        work->savepoint_level = level - 1;
        work->read_savepoint = false;
    }
    if (work->release_level >= level) work->release_level = 0;
}

}  // namespace

void AbortAllWork() {
    if (first_work == nullptr) return;
    if (!postgres::Attempt(AbortAll, nullptr)) EachConnection(Close);
    postgres::Attempt([](void*) { postgres::FaultPoint("abort.after_rollback"); }, nullptr);
    ForgetStreams();
    first_work = nullptr;
}

void AbortSubtransactionWork(int level) {
    TimestampTz deadline = AbortDeadline();
    DiscardFrom(level);
    EachConnection([&](NodeWork* work) {
        // A COPY of an outer level goes on.
        if (work->copy == nullptr) AbortLevel(work, level, deadline);
    });
    for (NodeWork* work = first_work; work != nullptr; work = work->next) {
        if (work->begin_level >= level) work->begin_level = work->lost ? 0 : level - 1;
        if (work->begin_level == 0) work->lost = false;
        if (work->write_level >= level) work->write_level = 0;
    }
    FreeDiscardedStreams();
}

void CommitSubtransactionWork(int level) {
    for (Stream* stream = first_stream; stream != nullptr; stream = stream->next)
        if (stream->level >= level) stream->level = level - 1;
    for (NodeWork* work = first_work; work != nullptr; work = work->next) {
        if (work->savepoint_level >= level) {
            work->release_level = work->release_level == 0 ? level : Min(work->release_level, level);
            work->savepoint_level = level - 1;
        }
        if (work->begin_level >= level) work->begin_level = level - 1;
        if (work->write_level >= level) work->write_level = level - 1;
        if (work->copy != nullptr && work->copy->level >= level) work->copy->level = level - 1;
    }
}

}  // namespace herd::transaction
