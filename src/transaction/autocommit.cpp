// A statement that is its whole transaction, in one round trip: without BEGIN, and the node commits it at the packet's end.
#include "transaction/node_work.h"

#include "cluster/remote_error.h"
#include "transaction/deadlock_victims.h"
#include "transaction/settings.h"
#include "transaction/two_phase_commit.h"

extern "C" {
#include <access/xact.h>
#include <miscadmin.h>
#include <storage/procsignal.h>
}

namespace herd::transaction {

namespace {

constexpr int kSliceMilliseconds = 100;

bool cancel_held;

TimestampTz DeadlineIn(int milliseconds) { return TimestampTzPlusMilliseconds(GetCurrentTimestamp(), milliseconds); }

bool IsIdle(const NodeWork* work) {
    return work->begin_level == 0 && !work->lost && work->copy == nullptr &&
           (work->connection == nullptr || !cluster::IsExpecting(work->connection));
}

bool TakeReplies(Stream* stream, TimestampTz deadline) {
    cluster::Connection* connection = stream->work->connection;
    while (cluster::IsExpecting(connection)) {
        if (cluster::TakeReply(connection, stream)) continue;
        if (cluster::WaitForSocket(connection, WL_SOCKET_READABLE, deadline, cluster::Interrupts::kHold) == 0)
            return false;
        if (!cluster::ReadSocket(connection)) return false;
    }
    return true;
}

// The statement may take as long as it likes until somebody wants it to end; then the node is asked to cancel it.
bool AwaitOutcome(Stream* stream) {
    cluster::Connection* connection = stream->work->connection;
    TimestampTz deadline = cluster::kNoDeadline;
    bool cancel_sent = false;
    for (;;) {
        if (TakeReplies(stream, DeadlineIn(kSliceMilliseconds))) return true;
        if (cluster::IsBroken(connection)) return false;
        if (ProcSignalBarrierPending) ProcessProcSignalBarrier();
        if (!QueryCancelPending && !ProcDiePending && !IsVictim()) continue;
        if (deadline == cluster::kNoDeadline) deadline = DeadlineIn(commit_timeout);
        if (!cancel_sent) cluster::CancelStatement(connection, deadline);
        cancel_sent = true;
        // Waits on no longer than a session that is to end may.
        if (ProcDiePending) return TakeReplies(stream, deadline);
        if (GetCurrentTimestamp() >= deadline) return false;
    }
}

// An error before the loss says that the node has rolled back.
bool IsOutcomeKnown(const Stream* stream, bool answered) {
    return answered || (stream->error != nullptr && stream->error->sqlerrcode != ERRCODE_CONNECTION_FAILURE);
}

void HoldCancel() {
    HOLD_CANCEL_INTERRUPTS();
    cancel_held = true;
}

}  // namespace

bool MayCommitWithStatement() {
    if (GetCurrentTransactionNestLevel() > 1 || IsolationUsesXactSnapshot() || IsCoordinatorConcerned()) return false;
    if ((MyXactFlags & XACT_FLAGS_ACCESSEDTEMPNAMESPACE) != 0) return false;
    for (const NodeWork* work = first_work; work != nullptr; work = work->next)
        if (!IsIdle(work)) return false;
    return true;
}

void AwaitCommitWithStatement(Stream* stream) {
    NodeWork* work = stream->work;
    bool answered = AwaitOutcome(stream);
    if (!IsOutcomeKnown(stream, answered)) RaiseUnknownOutcome(work);
    work->commit_sent = false;
    if (stream->error == nullptr) {
        RaisePending(work);
        HoldCancel();
    } else if (stream->error->sqlerrcode == ERRCODE_QUERY_CANCELED) {
        RaiseIfVictim();  // this and the next say why
        CHECK_FOR_INTERRUPTS();
    }
}

void EndAutocommit(bool committed) {
    if (!cancel_held) return;
    cancel_held = false;
    if (!committed) return;  // the error has let go of it
    QueryCancelPending = false;
    RESUME_CANCEL_INTERRUPTS();
}

}  // namespace herd::transaction
