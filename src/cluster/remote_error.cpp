#include "cluster/remote_error.h"

#include "base/sqlstates.h"
#include "cluster/remote_result.h"
#include "cluster/replies.h"
#include "cluster/schema_names.h"

extern "C" {
#include <access/xact.h>
#include <utils/elog.h>
#include <utils/lsyscache.h>
}

namespace herd::cluster {

namespace {

constexpr int kNoticeFields[] = {PG_DIAG_MESSAGE_PRIMARY, PG_DIAG_MESSAGE_DETAIL, PG_DIAG_MESSAGE_HINT,
                                 PG_DIAG_CONTEXT};

}  // namespace

struct PendingNotice {
    PendingNotice* next;
    int level;
    int sqlstate;
    const char* texts[lengthof(kNoticeFields)];
};

namespace {

char* CopyField(const PGresult* result, int field) {
    const char* text = PQresultErrorField(result, field);
    return text == nullptr ? nullptr : pstrdup(WithUserSchemas(text));
}

int Level(const PGresult* result) {
    const char* severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity == nullptr) return ERROR;
    if (strcmp(severity, "WARNING") == 0) return WARNING;
    if (strcmp(severity, "NOTICE") == 0) return NOTICE;
    if (strcmp(severity, "INFO") == 0) return INFO;
    if (strcmp(severity, "LOG") == 0) return LOG;
    if (strcmp(severity, "DEBUG") == 0) return DEBUG1;
    return ERROR;
}

ErrorData* NewError(int level, int sqlstate, MemoryContext context) {
    auto* error = static_cast<ErrorData*>(palloc0(sizeof(ErrorData)));
    error->elevel = level;
    error->sqlerrcode = sqlstate;
    error->assoc_context = context;
    return error;
}

void AppendPlace(StringInfo text, const ErrorPlace& place) {
    if (place.text != nullptr) appendStringInfo(text, ", %s", place.text);
    if (!OidIsValid(place.relid)) return;
    appendStringInfo(text, place.more_shards ? ", shards %lld …" : ", shard %lld", static_cast<long long>(place.shard));
    // While a transaction aborts there are no catalogs.
    const char* table = IsTransactionState() ? get_rel_name(place.relid) : nullptr;
    if (table != nullptr) appendStringInfo(text, " of table \"%s\"", table);
}

// The node's own context first, as the inner one.
char* FormatContext(const Connection* connection, const char* remote, const ErrorPlace& place) {
    StringInfoData text;
    initStringInfo(&text);
    if (remote != nullptr) appendStringInfo(&text, "%s\n", remote);
    appendStringInfo(&text, "node \"%s\"", connection->node_name);
    AppendPlace(&text, place);
    return text.data;
}

// A failure that libpq itself reports has only a message.
char* FormatPrimary(const PGresult* result) {
    char* primary = CopyField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (primary != nullptr) return primary;
    char* message = pchomp(PQresultErrorMessage(result));
    return message[0] == '\0' ? pstrdup("unknown error of a node") : message;
}

void FillNames(ErrorData* error, const PGresult* result) {
    const char* schema = PQresultErrorField(result, PG_DIAG_SCHEMA_NAME);
    error->schema_name = schema == nullptr ? nullptr : pstrdup(WithUserSchemas(schema));
    error->table_name = CopyField(result, PG_DIAG_TABLE_NAME);
    error->column_name = CopyField(result, PG_DIAG_COLUMN_NAME);
    error->datatype_name = CopyField(result, PG_DIAG_DATATYPE_NAME);
    error->constraint_name = CopyField(result, PG_DIAG_CONSTRAINT_NAME);
}

ErrorData* MakeReport(int level, const Connection* connection, const PGresult* result, const ErrorPlace& place,
                      MemoryContext context) {
    MemoryContext caller = MemoryContextSwitchTo(context);
    ErrorData* error = NewError(level, ResultSqlState(result), context);
    error->message = FormatPrimary(result);
    error->detail = CopyField(result, PG_DIAG_MESSAGE_DETAIL);
    error->hint = CopyField(result, PG_DIAG_MESSAGE_HINT);
    char* remote = CopyField(result, PG_DIAG_CONTEXT);
    error->context = level >= ERROR ? FormatContext(connection, remote, place) : remote;
    FillNames(error, result);
    MemoryContextSwitchTo(caller);
    return error;
}

}  // namespace

int ResultSqlState(const PGresult* result) {
    const char* code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (code == nullptr || strlen(code) != 5) return ERRCODE_CONNECTION_FAILURE;
    return MAKE_SQLSTATE(code[0], code[1], code[2], code[3], code[4]);
}

bool IsFatal(const PGresult* result) {
    const char* severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    return severity == nullptr || strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0;
}

ErrorData* MakeRemoteError(const Connection* connection, const PGresult* result, const ErrorPlace& place,
                           MemoryContext context) {
    if (IsFatal(result)) {
        const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
        return MakeLostError(connection, primary != nullptr ? primary : PQresultErrorMessage(result), context);
    }
    return MakeReport(ERROR, connection, result, place, context);
}

ErrorData* MakeLostError(const Connection* connection, const char* detail, MemoryContext context) {
    MemoryContext caller = MemoryContextSwitchTo(context);
    ErrorData* error = NewError(ERROR, ERRCODE_CONNECTION_FAILURE, context);
    error->message = psprintf("lost connection to node \"%s\"", connection->node_name);
    // The further lines of libpq's text say nothing more.
    if (detail != nullptr && detail[0] != '\0') error->detail = pnstrdup(detail, strcspn(detail, "\n"));
    MemoryContextSwitchTo(caller);
    return error;
}

void MakeSerializationFailure(ErrorData* error) {
    MemoryContext caller = MemoryContextSwitchTo(error->assoc_context);
    if (error->sqlerrcode != kStalePlacement)
        error->detail = pstrdup("The shard's relation is no longer on the node.");
    else if (error->detail == nullptr)
        error->detail = psprintf("%s.", error->message);
    error->sqlerrcode = ERRCODE_T_R_SERIALIZATION_FAILURE;
    error->message = pstrdup("could not serialize access due to a moved shard");
    error->hint = pstrdup("Try the transaction again. If that never helps, herd.check_cluster() says what is wrong.");
    MemoryContextSwitchTo(caller);
}

void RaiseError(ErrorData* error) {
    if (error->sqlerrcode == kStalePlacement) MakeSerializationFailure(error);
    ThrowErrorData(error);
    pg_unreachable();
}

namespace {

// The notice's texts follow each other in one piece of memory: this runs inside libpq, where nothing may be raised.
PendingNotice* CopyNotice(MemoryContext context, const PGresult* result) {
    size_t size = sizeof(PendingNotice);
    for (int field : kNoticeFields) {
        const char* text = PQresultErrorField(result, field);
        size += text == nullptr ? 0 : strlen(text) + 1;
    }
    auto* notice = static_cast<PendingNotice*>(MemoryContextAllocExtended(context, size, MCXT_ALLOC_NO_OOM));
    if (notice == nullptr) return nullptr;
    *notice = {nullptr, Level(result), ResultSqlState(result), {}};
    char* out = reinterpret_cast<char*>(notice + 1);
    for (size_t i = 0; i < lengthof(kNoticeFields); i++) {
        const char* text = PQresultErrorField(result, kNoticeFields[i]);
        if (text == nullptr) continue;
        notice->texts[i] = out;
        out = stpcpy(out, text) + 1;
    }
    return notice;
}

// The end of the node's session will be reported as a lost connection, or the session is opened anew.
bool IsAboutSession(int sqlstate) {
    return sqlstate == ERRCODE_ADMIN_SHUTDOWN || sqlstate == ERRCODE_CRASH_SHUTDOWN ||
           sqlstate == ERRCODE_CANNOT_CONNECT_NOW;
}

char* MapText(const char* text) { return text == nullptr ? nullptr : pstrdup(WithUserSchemas(text)); }

}  // namespace

extern "C" {

static void HerdCollectNotice(void* argument, const PGresult* result) {
    auto* connection = static_cast<Connection*>(argument);
    if (ResultSqlState(result) == kSnapshotReport) {
        const char* report = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
        if (report != nullptr && !connection->quiet) KeepSnapshotReport(connection, report);
        return;
    }
    if (connection->quiet || Level(result) >= ERROR || IsAboutSession(ResultSqlState(result))) return;
    PendingNotice* notice = CopyNotice(connection->context, result);
    if (notice == nullptr) return;
    PendingNotice** last = &connection->notices;
    while (*last != nullptr) last = &(*last)->next;
    *last = notice;
}
}

void CollectNotices(Connection* connection) { PQsetNoticeReceiver(connection->pg, HerdCollectNotice, connection); }

namespace {

void KeepPlanReport(RemoteResult* result, const PendingNotice* notice) {
    if (result == nullptr || result->discard || notice->texts[0] == nullptr) return;
    result->plan_report = MemoryContextStrdup(result->context, notice->texts[0]);
}

}  // namespace

void EmitNotices(Connection* connection, RemoteResult* result) {
    while (connection->notices != nullptr) {
        PendingNotice* notice = connection->notices;
        if (notice->sqlstate == kPlanReport) {
            KeepPlanReport(result, notice);
            connection->notices = notice->next;
            pfree(notice);
            continue;
        }
        ErrorData* report = NewError(notice->level, notice->sqlstate, CurrentMemoryContext);
        report->message = MapText(notice->texts[0]);
        report->detail = MapText(notice->texts[1]);
        report->hint = MapText(notice->texts[2]);
        report->context = MapText(notice->texts[3]);
        connection->notices = notice->next;
        pfree(notice);
        ThrowErrorData(report);
    }
}

void DropNotices(Connection* connection) {
    while (connection->notices != nullptr) {
        PendingNotice* notice = connection->notices;
        connection->notices = notice->next;
        pfree(notice);
    }
}

}  // namespace herd::cluster
