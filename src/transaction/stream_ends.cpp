// Streams come to be and end, also before their rows are read.
#include "transaction/node_work.h"

#include "cluster/remote_error.h"

extern "C" {
#include <access/xact.h>
}

namespace herd::transaction {

namespace {

// Rest of a result that nobody wants: this long we wait for it before the node is asked to stop.
constexpr int kPatienceMilliseconds = 10;
constexpr int kCancelMilliseconds = 2000;
Stream* free_streams;

TimestampTz DeadlineIn(int milliseconds) { return TimestampTzPlusMilliseconds(GetCurrentTimestamp(), milliseconds); }

// The structs themselves are used again, so that a transaction of many statements does not grow.
Stream* AllocateStream() {
    if (free_streams == nullptr)
        return static_cast<Stream*>(MemoryContextAllocZero(TopTransactionContext, sizeof(Stream)));
    Stream* stream = free_streams;
    free_streams = stream->next;
    memset(static_cast<void*>(stream), 0, sizeof(Stream));
    return stream;
}

void Unlink(Stream* stream) {
    for (Stream** link = &first_stream; *link != nullptr; link = &(*link)->next)
        if (*link == stream) {
            *link = stream->next;
            return;
        }
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

void EndStream(Stream* stream) {
    if (stream->ended) return;
    stream->ended = true;
    if (!stream->done) Abandon(stream);
    cluster::EndRemoteResult(stream);
    // While its reply is still expected the struct must stay; the transaction's end frees it.
    if (stream->done) Free(stream);
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
