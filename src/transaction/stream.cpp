#include "transaction/node_work.h"

#include "cluster/remote_error.h"

extern "C" {
#include <access/xact.h>
#include <executor/executor.h>
#include <miscadmin.h>
}

namespace herd::transaction {

namespace {

// A connection that is lost so soon after a statement was sent was most likely dead before; a statement that kills a node is not
// to do it twice.
constexpr int kSoonMilliseconds = 1000;

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

// One step towards the next row or the end. One that was sent once more and commits by itself is at its end already.
void Advance(Stream* stream) {
    if (stream->done) return;
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

}  // namespace

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

uint64 StreamAffectedRows(const Stream* stream) { return stream->affected_rows; }

uint64 StreamBytes(const Stream* stream) { return stream->bytes; }

const char* StreamPlanReport(const Stream* stream) { return stream->plan_report; }

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

}  // namespace herd::transaction
