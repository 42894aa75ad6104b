#include "transaction/node_work.h"

#include "cluster/remote_error.h"

extern "C" {
#include <access/xact.h>
#include <executor/executor.h>
#include <miscadmin.h>
}

namespace herd::transaction {

namespace {

// Rest of a result that nobody wants: this long we wait for it before the node is asked to stop.
constexpr int kPatienceMilliseconds = 10;
constexpr int kCancelMilliseconds = 2000;
// A connection that is lost so soon after a statement was sent was most likely dead before; a statement that kills a node is not
// to do it twice.
constexpr int kSoonMilliseconds = 1000;

Stream* free_streams;

TimestampTz DeadlineIn(int milliseconds) { return TimestampTzPlusMilliseconds(GetCurrentTimestamp(), milliseconds); }

void Send(Stream* stream, const cluster::RemoteStatement& statement) {
    NodeWork* work = stream->work;
    if (work->copy != nullptr || !work->connection->pipeline) Settle(work);
    bool in_transaction = NeedsTransaction(work, stream->purpose);
    stream->begins = in_transaction && work->begin_level == 0;
    QueuePreamble(work, in_transaction, stream);
    bool only_reads = stream->purpose == Purpose::kRead || stream->purpose == Purpose::kReadShared;
    if (in_transaction && only_reads && !statement.prepare && stream->row_desc != nullptr) {
        QueueReadSavepoint(work, stream);
        stream->behind_savepoint = true;
    }
    bool commits = stream->purpose == Purpose::kWholeTransaction;
    if (commits) work->commit_sent = true;
    if (!cluster::QueueStatement(work->connection, statement, stream->row_desc, stream) ||
        !cluster::QueueSync(work->connection, cluster::kNoDeadline))
        RaiseFailure(work, stream);
    if (commits) AwaitCommitWithStatement(stream);
}

bool IsForgotten(const Stream* stream) {
    int sqlstate = stream->error->sqlerrcode;
    return stream->statement.prepare &&
           (sqlstate == ERRCODE_UNDEFINED_PSTATEMENT || sqlstate == ERRCODE_FEATURE_NOT_SUPPORTED);
}

// The node's last words may have come, but not yet the end of the connection.
bool IsLost(const Stream* stream) {
    return cluster::IsBroken(stream->work->connection) || stream->error->sqlerrcode == ERRCODE_CONNECTION_FAILURE;
}

bool IsLostAtOnce(const Stream* stream) {
    TimestampTz sent = stream->work->connection->last_use;
    return IsLost(stream) && stream->purpose == Purpose::kRead && stream->work->begin_level == 0 &&
           GetCurrentTimestamp() < TimestampTzPlusMilliseconds(sent, kSoonMilliseconds);
}

bool MaySendAgain(const Stream* stream) {
    return stream->repeatable && stream->affected_rows == 0 && stream->bytes == 0 && stream->report == nullptr &&
           (IsForgotten(stream) || IsLostAtOnce(stream));
}

void Reconnect(NodeWork* work) {
    cluster::CloseConnection(work->connection);
    work->connection = nullptr;
    work->connection = cluster::GetConnection(work->node, work->slot);
    work->connection->work = work;
}

// The statement has ended with an error: sends it once more if that can help, else raises.
void HandleError(Stream* stream) {
    if (!MaySendAgain(stream)) cluster::RaiseError(stream->error);
    stream->repeatable = false;
    if (IsLost(stream)) Reconnect(stream->work);
    stream->error = nullptr;
    stream->done = stream->lost = false;
    stream->prepared_key = 0;
    stream->work->connection->failed = false;
    Send(stream, stream->statement);
}

// One step towards the next row or the end.
void Advance(Stream* stream) {
    cluster::Connection* connection = stream->work->connection;
    if (!cluster::TakeReply(connection, stream)) {
        cluster::WaitForSocket(connection, WL_SOCKET_READABLE, cluster::kNoDeadline, cluster::Interrupts::kServe);
        cluster::ReadSocket(connection);
    }
    if (connection->failed && stream->error == nullptr) RaisePending(stream->work);
}

// The same without waiting. False if there is nothing to do until more arrives.
bool Step(Stream* stream, bool* tried_socket) {
    cluster::Connection* connection = stream->work->connection;
    bool progress = cluster::TakeReply(connection, stream);
    if (connection->failed && stream->error == nullptr) RaisePending(stream->work);
    if (progress || stream->done) return true;
    if (*tried_socket) return false;
    *tried_socket = true;
    cluster::ReadSocket(connection);
    return true;
}

// True if the stream is really at its end.
bool AtEnd(Stream* stream) {
    if (!stream->done) return false;
    if (stream->error != nullptr) {
        if (WasMisdirected(stream)) return true;
        HandleError(stream);
        return false;
    }
    if (stream->lost)
        ereport(ERROR, (errcode(ERRCODE_CONNECTION_FAILURE),
                        errmsg("lost connection to node \"%s\"", stream->work->node_name)));
    return true;
}

void WaitForEnd(Stream* stream) {
    while (!AtEnd(stream)) Advance(stream);
}

void Unlink(Stream* stream) {
    for (Stream** link = &first_stream; *link != nullptr; link = &(*link)->next)
        if (*link == stream) {
            *link = stream->next;
            return;
        }
}

// The structs themselves are used again, so that a transaction of many statements does not grow.
Stream* AllocateStream() {
    if (free_streams == nullptr)
        return static_cast<Stream*>(MemoryContextAllocZero(TopTransactionContext, sizeof(Stream)));
    Stream* stream = free_streams;
    free_streams = stream->next;
    memset(static_cast<void*>(stream), 0, sizeof(Stream));
    return stream;
}

void Free(Stream* stream) {
    Unlink(stream);
    MemoryContextDelete(stream->context);
    stream->next = free_streams;
    free_streams = stream;
}

bool IsOnlyOne(const Stream* stream) {
    for (const Stream* other = first_stream; other != nullptr; other = other->next)
        if (other != stream && other->work == stream->work && !other->done) return false;
    return true;
}

// Nothing but the statement was done since its savepoint: whatever came later would be queued behind it.
void UndoReading(NodeWork* work, TimestampTz deadline) {
    cluster::Connection* connection = work->connection;
    if (!cluster::QueueControl(connection, "ROLLBACK TO SAVEPOINT herd_read", nullptr) ||
        !cluster::QueueSync(connection, deadline) || !cluster::AwaitReplies(connection, deadline))
        RaiseFailure(work, nullptr);
}

// What is left of it is thrown away as it arrives; a long rest of a statement that only reads is canceled. Inside a
// transaction of the node a cancel would undo that, unless there is a savepoint.
void Abandon(Stream* stream) {
    NodeWork* work = stream->work;
    stream->discard = true;
    cluster::Connection* connection = work->connection;
    bool in_transaction = work->begin_level > 0;
    if (connection == nullptr || (in_transaction ? !stream->behind_savepoint : stream->purpose != Purpose::kRead))
        return;
    if (!cluster::IsAlone(connection, stream)) return;
    bool ended = cluster::AwaitReplies(connection, DeadlineIn(kPatienceMilliseconds)) || stream->done;
    TimestampTz deadline = DeadlineIn(kCancelMilliseconds);
    if (ended || cluster::CancelStatement(connection, deadline)) cluster::AwaitReplies(connection, deadline);
    // Nobody wants to know of an error, but the transaction goes on.
    if (ended && PQtransactionStatus(connection->pg) != PQTRANS_INERROR) return;
    connection->failed = cluster::IsBroken(connection);
    if (in_transaction && stream->done && !connection->failed) UndoReading(work, deadline);
}

}  // namespace

Stream* MakeStream(NodeWork* work, Purpose purpose, TupleDesc row_desc) {
    MemoryContext context = AllocSetContextCreate(TopTransactionContext, "herd stream", ALLOCSET_SMALL_SIZES);
    Stream* stream = AllocateStream();
    stream->work = work;
    stream->purpose = purpose;
    stream->row_desc = row_desc;
    stream->level = GetCurrentTransactionNestLevel();
    cluster::InitRemoteResult(stream, context, row_desc);
    stream->next = first_stream;
    first_stream = stream;
    return stream;
}

Stream* StartStream(NodeId node, Purpose purpose, int parallel_slot, const cluster::RemoteStatement& statement,
                    TupleDesc row_desc) {
    if (purpose == Purpose::kWholeTransaction && !MayCommitWithStatement()) purpose = Purpose::kWrite;
    NodeWork* work = UseNode(node, purpose, parallel_slot);
    Stream* stream = MakeStream(work, purpose, row_desc);
    stream->whole = row_desc == nullptr || statement.has_few_rows;
    stream->place = statement.place;
    stream->repeatable = !NeedsTransaction(work, purpose);
    stream->statement = statement;
    stream->packs_rows = statement.packs_rows;
    Send(stream, statement);
    return stream;
}

bool NextRow(Stream* stream, TupleTableSlot* slot) {
    for (;;) {
        if (stream->decoder != nullptr && cluster::TakeRow(stream, slot)) return true;
        if (AtEnd(stream)) break;
        Advance(stream);
    }
    if (slot != nullptr) ExecClearTuple(slot);
    return false;
}

Poll PollRow(Stream* stream, TupleTableSlot* slot) {
    bool tried_socket = false;
    for (;;) {
        if (stream->decoder != nullptr && cluster::TakeRow(stream, slot)) return Poll::kRow;
        if (AtEnd(stream)) break;
        if (Step(stream, &tried_socket)) continue;
        if (slot != nullptr) ExecClearTuple(slot);
        return Poll::kPending;
    }
    if (slot != nullptr) ExecClearTuple(slot);
    return Poll::kDone;
}

bool PollReport(Stream* stream, SnapshotAnswer* answer) {
    bool tried_socket = false;
    while (stream->report == nullptr && !cluster::HasRow(stream) && !AtEnd(stream))
        if (!Step(stream, &tried_socket)) return false;
    (void)AtEnd(stream);  // raises what it has ended with meanwhile
    *answer = {stream->report, stream->reported_at};
    return true;
}

void WaitForAny(Stream* const* streams, int count) {
    auto** connections = static_cast<cluster::Connection**>(palloc(sizeof(cluster::Connection*) * (count + 1)));
    int connection_count = 0;
    for (int i = 0; i < count; i++) {
        if (streams[i]->done || cluster::HasRow(streams[i])) return;
        cluster::Connection* connection = streams[i]->work->connection;
        if (PQisBusy(connection->pg) == 0) return;
        bool known = false;
        for (int j = 0; j < connection_count; j++) known = known || connections[j] == connection;
        if (!known) connections[connection_count++] = connection;
    }
    if (connection_count == 0) return;
    cluster::ReadSocket(cluster::WaitForConnections(connections, connection_count));
    pfree(connections);
}

void KeepForLevel(Stream* stream, int level) { stream->level = Min(stream->level, level); }

void MayMove(Stream* stream) { stream->may_move = true; }

bool WasMisdirected(const Stream* stream) { return stream->misdirected && stream->may_move; }

void RaiseMisdirected(Stream* stream) {
    cluster::MakeSerializationFailure(stream->error);
    cluster::RaiseError(stream->error);
}

void Withdraw(Stream* stream) {
    if (IsolationUsesXactSnapshot() || stream->affected_rows > 0 || stream->bytes > 0) RaiseMisdirected(stream);
    NodeWork* work = stream->work;
    if (work->begin_level > 0) {
        if (!IsOnlyOne(stream) || !(stream->begins || stream->behind_savepoint)) RaiseMisdirected(stream);
        if (!cluster::AwaitReplies(work->connection, cluster::kNoDeadline)) RaiseFailure(work, stream);
        // Other connections may have taken over a snapshot that this one's transaction has.
        if (stream->behind_savepoint)
            UndoReading(work, cluster::kNoDeadline);
        else
            BeginAnew(work);
    }
    work->connection->failed = false;
    EndStream(stream);
}

uint64 StreamAffectedRows(const Stream* stream) { return stream->affected_rows; }

uint64 StreamBytes(const Stream* stream) { return stream->bytes; }

const char* StreamPlanReport(const Stream* stream) { return stream->plan_report; }

void EndStream(Stream* stream) {
    if (stream->ended) return;
    stream->ended = true;
    if (!stream->done) Abandon(stream);
    cluster::EndRemoteResult(stream);
    // While its reply is still expected the struct must stay; the transaction's end frees it.
    if (stream->done) Free(stream);
}

char* QueryValueOnNode(NodeId node, const char* sql) {
    NodeWork* work = UseNode(node, Purpose::kRead, 0);
    Stream* stream = MakeStream(work, Purpose::kRead, nullptr);
    stream->whole = stream->wants_text = true;
    Send(stream, {sql, false, {}});
    WaitForEnd(stream);
    char* value = stream->text == nullptr ? nullptr : pstrdup(stream->text);
    EndStream(stream);
    return value;
}

void FreeDiscardedStreams() {
    Stream* next;
    for (Stream* stream = first_stream; stream != nullptr; stream = next) {
        next = stream->next;
        if (!stream->discard || !stream->done) continue;
        cluster::ReleaseRemoteResult(stream);
        Free(stream);
    }
}

void ForgetStreams() {
    for (Stream* stream = first_stream; stream != nullptr; stream = stream->next) cluster::ReleaseRemoteResult(stream);
    first_stream = free_streams = nullptr;
}

}  // namespace herd::transaction
