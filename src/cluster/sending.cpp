// The sending half of replies.h.
#include "cluster/expected_replies.h"

namespace herd::cluster {

namespace {

bool EnterPipeline(Connection* connection) {
    if (!connection->pipeline) connection->pipeline = PQenterPipelineMode(connection->pg) == 1;
    return connection->pipeline;
}

bool Sent(Connection* connection, int libpq_result) {
    if (libpq_result != 0) return true;
    if (IsBroken(connection)) MarkLost(connection);
    connection->failed = true;
    return false;
}

// The guard's refusal; before it is asked, the statement's own text may name a relation that is gone.
bool QueueText(Connection* connection, const char* sql, RemoteResult* owner, bool must_commit) {
    if (!EnterPipeline(connection) ||
        !Sent(connection, PQsendQueryParams(connection->pg, sql, 0, nullptr, nullptr, nullptr, nullptr, 0)))
        return false;
    ExpectReply(connection, {ReplyKind::kControl, owner, nullptr, must_commit});
    return true;
}

}  // namespace

bool QueueControl(Connection* connection, const char* sql, RemoteResult* owner) {
    return QueueText(connection, sql, owner, false);
}

namespace {

bool QueuePrepare(Connection* connection, PreparedStatement* prepared, const RemoteStatement& statement,
                  RemoteResult* result) {
    const WireParameters& parameters = statement.parameters;
    if (!Sent(connection,
              PQsendPrepare(connection->pg, prepared->name, statement.sql, parameters.count, parameters.types)))
        return false;
    ExpectReply(connection, {ReplyKind::kPrepare, result, prepared, false});
    return true;
}

// BEGIN and COMMIT come again and again.
bool QueueFixed(Connection* connection, const char* sql, RemoteResult* owner, bool must_commit) {
    if (!EnterPipeline(connection)) return false;
    RemoteStatement statement{sql, true, {}};
    bool found;
    PreparedStatement* prepared = EnterPrepared(&connection->prepared, statement, nullptr, &found);
    if (prepared == nullptr) return QueueText(connection, sql, owner, must_commit);
    if (!found && !QueuePrepare(connection, prepared, statement, owner)) return false;
    if (!Sent(connection, PQsendQueryPrepared(connection->pg, prepared->name, 0, nullptr, nullptr, nullptr, 0)))
        return false;
    ExpectReply(connection, {ReplyKind::kControl, owner, nullptr, must_commit});
    return true;
}

bool DeallocateSurplus(Connection* connection) {
    char name[kPreparedNameSize];
    if (!TakeSurplusPrepared(&connection->prepared, name)) return true;
    char sql[kPreparedNameSize + 16];
    snprintf(sql, sizeof(sql), "DEALLOCATE %s", name);
    return QueueControl(connection, sql, nullptr);
}

bool QueuePrepared(Connection* connection, PreparedStatement* prepared, bool found, const RemoteStatement& statement,
                   RemoteResult* result, int result_format) {
    const WireParameters& parameters = statement.parameters;
    result->prepared_key = prepared->key;
    if (!found && !QueuePrepare(connection, prepared, statement, result)) return false;
    if (!Sent(connection, PQsendQueryPrepared(connection->pg, prepared->name, parameters.count, parameters.values,
                                              parameters.lengths, parameters.formats, result_format)))
        return false;
    ExpectReply(connection, {ReplyKind::kStatement, result, nullptr, false});
    return found || DeallocateSurplus(connection);
}

}  // namespace

bool QueueFixedControl(Connection* connection, const char* sql, RemoteResult* owner) {
    return QueueFixed(connection, sql, owner, false);
}

bool QueueCommit(Connection* connection) { return QueueFixed(connection, "COMMIT", nullptr, true); }

bool QueuePrepareTransaction(Connection* connection, const char* gid) {
    char sql[256];
    snprintf(sql, sizeof(sql), "PREPARE TRANSACTION '%s'", gid);
    return QueueText(connection, sql, nullptr, true);
}

bool QueueStatement(Connection* connection, const RemoteStatement& statement, TupleDesc row_desc,
                    RemoteResult* result) {
    if (!EnterPipeline(connection)) return false;
    int result_format = result->decoder != nullptr && WantsBinary(result->decoder) ? 1 : 0;
    if (statement.prepare) {
        bool found;
        PreparedStatement* prepared = EnterPrepared(&connection->prepared, statement, row_desc, &found);
        if (prepared != nullptr) return QueuePrepared(connection, prepared, found, statement, result, result_format);
    }
    const WireParameters& parameters = statement.parameters;
    if (!Sent(connection, PQsendQueryParams(connection->pg, statement.sql, parameters.count, parameters.types,
                                            parameters.values, parameters.lengths, parameters.formats, result_format)))
        return false;
    ExpectReply(connection, {ReplyKind::kStatement, result, nullptr, false});
    return true;
}

namespace {

// A node that sends rows may not read until they are taken: so while waiting to write, read too.
bool Flush(Connection* connection, TimestampTz deadline) {
    Interrupts interrupts = MayServe(connection);
    for (;;) {
        int left = PQflush(connection->pg);
        if (left == 0) return true;
        if (left < 0) return Sent(connection, 0);
        uint32 events = WaitForSocket(connection, WL_SOCKET_READABLE | WL_SOCKET_WRITEABLE, deadline, interrupts);
        if (events == 0) return false;
        if ((events & WL_SOCKET_READABLE) == 0) continue;
        if (!ReadSocket(connection)) return false;
        while (TakeReply(connection, nullptr)) {
        }
    }
}

}  // namespace

bool QueueSync(Connection* connection, TimestampTz deadline) {
    if (!Sent(connection, PQpipelineSync(connection->pg))) return false;
    ExpectReply(connection, {ReplyKind::kSync, nullptr, nullptr, false});
    return Flush(connection, deadline);
}

bool SendSimple(Connection* connection, const char* sql, RemoteResult* result, TimestampTz deadline) {
    Assert(!IsExpecting(connection));
    if (connection->pipeline) connection->pipeline = PQexitPipelineMode(connection->pg) != 1;
    if (connection->pipeline || !Sent(connection, PQsendQuery(connection->pg, sql))) return false;
    ExpectReply(connection, {ReplyKind::kSimple, result, nullptr, false});
    return Flush(connection, deadline);
}

bool SendCopyData(Connection* connection, const char* data, size_t length) {
    connection->copy_in = false;
    while (length > 0) {
        int piece = static_cast<int>(Min(length, static_cast<size_t>(1024 * 1024)));
        if (!Sent(connection, PQputCopyData(connection->pg, data, piece) > 0)) return false;
        data += piece;
        length -= piece;
        if (length > 0 && !Flush(connection, kNoDeadline)) return false;
    }
    return Sent(connection, PQputCopyEnd(connection->pg, nullptr) > 0) && Flush(connection, kNoDeadline);
}

bool EndPacket(Connection* connection, TimestampTz deadline) {
    if (!connection->pipeline || connection->reply_count == 0) return true;
    int last = (connection->reply_first + connection->reply_count - 1) % connection->reply_capacity;
    return connection->replies[last].kind == ReplyKind::kSync || QueueSync(connection, deadline);
}

}  // namespace herd::cluster
