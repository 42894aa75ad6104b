#include "cluster/replies.h"

#include "base/sqlstates.h"
#include "cluster/remote_error.h"

extern "C" {
#include <miscadmin.h>
#include <nodes/memnodes.h>
}

namespace herd::cluster {

namespace {

Reply* Head(Connection* connection) { return &connection->replies[connection->reply_first]; }

void GrowReplies(Connection* connection) {
    int capacity = connection->reply_capacity == 0 ? 64 : connection->reply_capacity * 2;
    auto* replies = static_cast<Reply*>(MemoryContextAllocZero(connection->context, capacity * sizeof(Reply)));
    for (int i = 0; i < connection->reply_count; i++)
        replies[i] = connection->replies[(connection->reply_first + i) % connection->reply_capacity];
    if (connection->replies != nullptr) pfree(connection->replies);
    connection->replies = replies;
    connection->reply_first = 0;
    connection->reply_capacity = capacity;
}

// Libpq must be told to hand out rows singly right when a statement becomes the current one.
void BeginHead(Connection* connection) {
    if (connection->reply_count == 0) return;
    Reply* head = Head(connection);
    if (head->kind == ReplyKind::kStatement && !head->result->whole) PQsetSingleRowMode(connection->pg);
}

void Expect(Connection* connection, Reply reply) {
    if (connection->reply_count == connection->reply_capacity) GrowReplies(connection);
    int at = (connection->reply_first + connection->reply_count) % connection->reply_capacity;
    connection->replies[at] = reply;
    if (++connection->reply_count == 1) BeginHead(connection);
}

void Pop(Connection* connection) {
    connection->reply_first = (connection->reply_first + 1) % connection->reply_capacity;
    connection->reply_count--;
    BeginHead(connection);
}

Interrupts MayServe(const Connection* connection) {
    return connection->quiet || connection->hold_interrupts ? Interrupts::kHold : Interrupts::kServe;
}

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
bool SaysNotHere(const PGresult* report) {
    int sqlstate = ResultSqlState(report);
    if (sqlstate == kStalePlacement) return true;
    return sqlstate == ERRCODE_UNDEFINED_TABLE && PQresultErrorField(report, PG_DIAG_STATEMENT_POSITION) != nullptr &&
           PQresultErrorField(report, PG_DIAG_CONTEXT) == nullptr;
}

void StoreError(Connection* connection, RemoteResult* result, const PGresult* report) {
    connection->failed = true;
    connection->failed_sqlstate = ResultSqlState(report);
    if (connection->settings_sent_in_transaction) ForgetSettingsOfTransaction(&connection->settings);
    if (connection->quiet && result != nullptr) result->lost = true;
    if (connection->quiet || (result != nullptr && result->discard)) return;
    if (result == nullptr) {
        if (connection->error == nullptr)
            connection->error = MakeRemoteError(connection, report, {}, connection->context);
    } else if (result->error == nullptr) {
        result->error = MakeRemoteError(connection, report, result->place, result->context);
        result->misdirected = SaysNotHere(report);
    }
}

void FinishPrepare(Connection* connection, Reply* reply, bool good) {
    if (reply->kind != ReplyKind::kPrepare || reply->prepared == nullptr) return;
    if (good)
        reply->prepared->confirmed = true;
    else
        ForgetPrepared(&connection->prepared, reply->prepared);
    reply->prepared = nullptr;
}

bool IsStalePlan(const PGresult* report) {
    int sqlstate = ResultSqlState(report);
    return sqlstate == ERRCODE_UNDEFINED_PSTATEMENT || sqlstate == ERRCODE_FEATURE_NOT_SUPPORTED;
}

void TakeError(Connection* connection, Reply* reply, const PGresult* report) {
    FinishPrepare(connection, reply, false);
    // Who else but us could have dropped it: nothing is known of this session any more.
    if (reply->kind == ReplyKind::kControl && ResultSqlState(report) == ERRCODE_UNDEFINED_PSTATEMENT)
        connection->stale = true;
    if (reply->kind == ReplyKind::kControl) ForgetSettings(&connection->settings);
    RemoteResult* result = reply->result;
    if (result != nullptr && result->prepared_key != 0 && reply->kind == ReplyKind::kStatement && IsStalePlan(report))
        ForgetPreparedByKey(&connection->prepared, result->prepared_key);
    StoreError(connection, result, report);
}

void TakeCommandEnd(Connection* connection, Reply* reply, PGresult* report) {
    FinishPrepare(connection, reply, true);
    if (reply->result == nullptr || reply->kind == ReplyKind::kControl || reply->kind == ReplyKind::kPrepare) return;
    const char* affected = PQcmdTuples(report);
    if (affected[0] != '\0') reply->result->affected_rows = strtoull(affected, nullptr, 10);
}

// COMMIT and PREPARE TRANSACTION of a failed transaction roll back and say so only in their tag.
bool IsRefusedCommit(const Reply* reply, PGresult* report) {
    return reply->kind == ReplyKind::kControl && reply->must_commit && strcmp(PQcmdStatus(report), "ROLLBACK") == 0;
}

void TakeRows(Connection* connection, Reply* reply, PGresult* rows, RemoteResult* reader) {
    if (reply->result == nullptr || reply->kind == ReplyKind::kControl) {
        PQclear(rows);
        return;
    }
    TakeCommandEnd(connection, reply, rows);
    AddRows(reply->result, rows, reply->result == reader);
}

// A COPY that nobody will feed: let it fail.
void TakeCopyIn(Connection* connection, Reply* reply) {
    if (connection->quiet || reply->result == nullptr || reply->result->discard)
        PQputCopyEnd(connection->pg, "canceled");
    else
        connection->copy_in = true;
}

void TakeResult(Connection* connection, Reply* reply, PGresult* report, RemoteResult* reader) {
    switch (PQresultStatus(report)) {
        case PGRES_SINGLE_TUPLE:
        case PGRES_TUPLES_OK:
            TakeRows(connection, reply, report, reader);
            return;
        case PGRES_COMMAND_OK:
            TakeCommandEnd(connection, reply, report);
            if (IsRefusedCommit(reply, report)) connection->failed = true;
            break;
        case PGRES_EMPTY_QUERY:
            break;
        case PGRES_COPY_IN:
            TakeCopyIn(connection, reply);
            break;
        case PGRES_PIPELINE_SYNC:
            Pop(connection);
            break;
        case PGRES_PIPELINE_ABORTED:
            FinishPrepare(connection, reply, false);
            break;
        default:
            TakeError(connection, reply, report);
            break;
    }
    PQclear(report);
}

void EndHead(Connection* connection) {
    Reply* head = Head(connection);
    bool simple = head->kind == ReplyKind::kSimple;
    if (head->result != nullptr && (simple || head->kind == ReplyKind::kStatement)) head->result->done = true;
    Pop(connection);
}

}  // namespace

bool IsBroken(const Connection* connection) {
    return connection->pg == nullptr || PQstatus(connection->pg) == CONNECTION_BAD;
}

void MarkLost(Connection* connection) {
    const char* detail = connection->pg == nullptr ? nullptr : PQerrorMessage(connection->pg);
    while (connection->reply_count > 0) {
        RemoteResult* result = Head(connection)->result;
        connection->reply_first = (connection->reply_first + 1) % connection->reply_capacity;
        connection->reply_count--;
        if (result == nullptr || result->done) continue;
        result->done = result->lost = true;
        if (!connection->quiet && !result->discard && result->error == nullptr)
            result->error = MakeLostError(connection, detail, result->context);
    }
    connection->failed = true;
    connection->failed_sqlstate = ERRCODE_CONNECTION_FAILURE;
    connection->copy_in = false;
}

namespace {

bool QueueText(Connection* connection, const char* sql, RemoteResult* owner, bool must_commit) {
    if (!EnterPipeline(connection) ||
        !Sent(connection, PQsendQueryParams(connection->pg, sql, 0, nullptr, nullptr, nullptr, nullptr, 0)))
        return false;
    Expect(connection, {ReplyKind::kControl, owner, nullptr, must_commit});
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
    Expect(connection, {ReplyKind::kPrepare, result, prepared, false});
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
    Expect(connection, {ReplyKind::kControl, owner, nullptr, must_commit});
    return true;
}

bool DeallocateSurplus(Connection* connection) {
    PreparedStatement* surplus = FindSurplusPrepared(&connection->prepared);
    if (surplus == nullptr) return true;
    char sql[kPreparedNameSize + 16];
    snprintf(sql, sizeof(sql), "DEALLOCATE %s", surplus->name);
    ForgetPrepared(&connection->prepared, surplus);
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
    Expect(connection, {ReplyKind::kStatement, result, nullptr, false});
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
    Expect(connection, {ReplyKind::kStatement, result, nullptr, false});
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
    Expect(connection, {ReplyKind::kSync, nullptr, nullptr, false});
    return Flush(connection, deadline);
}

bool SendSimple(Connection* connection, const char* sql, RemoteResult* result, TimestampTz deadline) {
    Assert(!IsExpecting(connection));
    if (connection->pipeline) connection->pipeline = PQexitPipelineMode(connection->pg) != 1;
    if (connection->pipeline || !Sent(connection, PQsendQuery(connection->pg, sql))) return false;
    Expect(connection, {ReplyKind::kSimple, result, nullptr, false});
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

bool ReadSocket(Connection* connection) {
    if (PQconsumeInput(connection->pg) == 1) return true;
    // What came before the loss is still to be taken: above all why the node ended the session.
    while (TakeReply(connection, nullptr)) {
    }
    MarkLost(connection);
    return false;
}

bool TakeReply(Connection* connection, RemoteResult* reader) {
    if (connection->reply_count == 0 || connection->copy_in || PQisBusy(connection->pg) != 0) return false;
    PGresult* report = PQgetResult(connection->pg);
    RemoteResult* head = Head(connection)->result;
    if (report != nullptr)
        TakeResult(connection, Head(connection), report, reader);
    else if (IsBroken(connection))
        MarkLost(connection);
    else if (Head(connection)->kind != ReplyKind::kSync)
        EndHead(connection);  // a Sync ends with its own report, after an error that came with the commit too
    if (connection->notices != nullptr) connection->quiet ? DropNotices(connection) : EmitNotices(connection, head);
    return true;
}

bool AwaitReplies(Connection* connection, TimestampTz deadline) {
    Interrupts interrupts = MayServe(connection);
    while (connection->reply_count > 0 && !connection->copy_in) {
        if (TakeReply(connection, nullptr)) {
            // A node that sends rows without end never lets us wait.
            if (deadline != kNoDeadline && GetCurrentTimestamp() >= deadline && IsExpecting(connection)) return false;
            continue;
        }
        // An interrupt may have come while a packet or COPY data was being sent.
        int unsent = PQflush(connection->pg);
        uint32 events = unsent > 0 ? WL_SOCKET_READABLE | WL_SOCKET_WRITEABLE : WL_SOCKET_READABLE;
        uint32 happened = WaitForSocket(connection, events, deadline, interrupts);
        if (happened == 0) return false;
        if ((happened & WL_SOCKET_READABLE) != 0 && !ReadSocket(connection)) return false;
    }
    return !IsBroken(connection);
}

bool EndPacket(Connection* connection, TimestampTz deadline) {
    if (!connection->pipeline || connection->reply_count == 0) return true;
    int last = (connection->reply_first + connection->reply_count - 1) % connection->reply_capacity;
    return connection->replies[last].kind == ReplyKind::kSync || QueueSync(connection, deadline);
}

bool IsAlone(const Connection* connection, const RemoteResult* result) {
    for (int i = 0; i < connection->reply_count; i++) {
        const Reply& reply = connection->replies[(connection->reply_first + i) % connection->reply_capacity];
        if (reply.kind == ReplyKind::kStatement && reply.result != result) return false;
    }
    return true;
}

}  // namespace herd::cluster
