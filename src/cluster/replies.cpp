// The receiving half of replies.h.
#include "base/sqlstates.h"
#include "cluster/expected_replies.h"
#include "cluster/remote_error.h"

extern "C" {
#include <miscadmin.h>
#include <nodes/memnodes.h>
#include <portability/instr_time.h>
}

namespace herd::cluster {

namespace {

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

bool IsStalePlan(int sqlstate) {
    return sqlstate == ERRCODE_UNDEFINED_PSTATEMENT || sqlstate == ERRCODE_FEATURE_NOT_SUPPORTED;
}

void TakeError(Connection* connection, Reply* reply, const PGresult* report) {
    FinishPrepare(connection, reply, false);
    int sqlstate = ResultSqlState(report);
    RemoteResult* result = reply->result;
    bool of_prepared = result != nullptr && result->prepared_key != 0 && reply->kind == ReplyKind::kStatement;
    // Who else but us could have dropped it: nothing is known of this session any more.
    if (sqlstate == ERRCODE_UNDEFINED_PSTATEMENT && (of_prepared || reply->kind == ReplyKind::kControl))
        connection->stale = true;
    if (reply->kind == ReplyKind::kControl) ForgetSettings(&connection->settings);
    if (of_prepared && IsStalePlan(sqlstate)) ForgetPreparedByKey(&connection->prepared, result->prepared_key);
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
            PopReply(connection);
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

void EndFirst(Connection* connection) {
    Reply* head = FirstReply(connection);
    bool simple = head->kind == ReplyKind::kSimple;
    if (head->result != nullptr && (simple || head->kind == ReplyKind::kStatement)) head->result->done = true;
    PopReply(connection);
}

}  // namespace

bool IsBroken(const Connection* connection) {
    return connection->pg == nullptr || PQstatus(connection->pg) == CONNECTION_BAD;
}

void MarkLost(Connection* connection) {
    const char* detail = connection->pg == nullptr ? nullptr : PQerrorMessage(connection->pg);
    while (connection->reply_count > 0) {
        RemoteResult* result = FirstReply(connection)->result;
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
    RemoteResult* head = FirstReply(connection)->result;
    if (report != nullptr)
        TakeResult(connection, FirstReply(connection), report, reader);
    else if (IsBroken(connection))
        MarkLost(connection);
    else if (FirstReply(connection)->kind != ReplyKind::kSync)
        EndFirst(connection);  // a Sync ends with its own report, after an error that came with the commit too
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

// Libpq may have gone through the end of the packet before.
void KeepSnapshotReport(Connection* connection, const char* report) {
    for (int i = 0; i < connection->reply_count; i++) {
        RemoteResult* result = connection->replies[(connection->reply_first + i) % connection->reply_capacity].result;
        if (result == nullptr) continue;
        size_t size = strlen(report) + 1;
        result->report = static_cast<char*>(MemoryContextAllocExtended(result->context, size, MCXT_ALLOC_NO_OOM));
        if (result->report != nullptr) memcpy(result->report, report, size);
        instr_time now;
        INSTR_TIME_SET_CURRENT(now);
        result->reported_at = static_cast<int64>(INSTR_TIME_GET_MICROSEC(now));
        return;
    }
}

bool IsAlone(const Connection* connection, const RemoteResult* result) {
    for (int i = 0; i < connection->reply_count; i++) {
        const Reply& reply = connection->replies[(connection->reply_first + i) % connection->reply_capacity];
        if (reply.kind == ReplyKind::kStatement && reply.result != result) return false;
    }
    return true;
}

}  // namespace herd::cluster
