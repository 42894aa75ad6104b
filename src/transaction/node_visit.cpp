#include "transaction/node_visit.h"

#include "cluster/remote_error.h"
#include "cluster/replies.h"
#include "postgres/error.h"
#include "transaction/node_query.h"
#include "transaction/settings.h"

extern "C" {
#include <catalog/pg_type.h>
#include <miscadmin.h>
#include <utils/builtins.h>
}

namespace herd::transaction {

namespace {

void VisitNode(void* argument) {
    auto* visit = static_cast<Visit*>(argument);
    visit->connection = cluster::OpenPrivateConnection(visit->node->id);
    visit->step(visit);
    cluster::CloseConnection(visit->connection);
}

void AddPart(const NodeQuery* query, TupleTableSlot* row) {
    auto* part = static_cast<PreparedPart*>(palloc(sizeof(PreparedPart)));
    *part = {TextDatumGetCString(row->tts_values[0]), DatumGetInt64(row->tts_values[1]),
             DatumGetInt64(row->tts_values[2])};
    auto* parts = static_cast<List**>(query->argument);
    *parts = lappend(*parts, part);
}

}  // namespace

bool TryVisit(Visit* visit, int elevel) {
    ErrorData* error = postgres::TryInSubtransaction(VisitNode, visit);
    if (error == nullptr) return true;
    ereport(elevel, (errcode(error->sqlerrcode),
                     errmsg("could not look after the prepared transactions of node \"%s\"", visit->node->name),
                     errdetail_internal("%s", error->message)));
    return false;
}

List* ListPrepared(Visit* visit, const char* gid_prefix) {
    char* sql = psprintf(
        "SELECT gid, (EXTRACT(epoch FROM prepared) * 1000000)::bigint,"
        " (EXTRACT(epoch FROM pg_catalog.clock_timestamp() - prepared) * 1000)::bigint"
        " FROM pg_catalog.pg_prepared_xacts"
        " WHERE database = pg_catalog.current_database() AND pg_catalog.starts_with(gid, %s) ORDER BY prepared",
        quote_literal_cstr(gid_prefix));
    TupleDesc desc = CreateTemplateTupleDesc(3);
    TupleDescInitBuiltinEntry(desc, 1, "gid", TEXTOID, -1, 0);
    TupleDescInitBuiltinEntry(desc, 2, "prepared_at", INT8OID, -1, 0);
    TupleDescInitBuiltinEntry(desc, 3, "age", INT8OID, -1, 0);
    List* parts = NIL;
    AskOver(visit->connection, {visit->node, sql, desc, AddPart, &parts});
    return parts;
}

static void RaiseWhatHappened(const Visit* visit) {
    if (visit->connection->error != nullptr) cluster::RaiseError(visit->connection->error);
    ereport(ERROR, (errcode(ERRCODE_CONNECTION_FAILURE), errmsg("node \"%s\" does not answer", visit->node->name)));
}

bool ExecuteAlone(Visit* visit, const char* sql) {
    constexpr int kBusyMicroseconds = 10000;
    cluster::Connection* connection = visit->connection;
    TimestampTz deadline = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), commit_timeout);
    for (;;) {
        connection->failed = false;
        bool answered = cluster::QueueControl(connection, sql, nullptr) && cluster::QueueSync(connection, deadline) &&
                        cluster::AwaitReplies(connection, deadline);
        int sqlstate = connection->failed ? connection->failed_sqlstate : 0;
        if (answered && sqlstate == 0) return true;
        bool is_busy = answered && sqlstate == ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE;
        if (sqlstate != ERRCODE_UNDEFINED_OBJECT && !(is_busy && GetCurrentTimestamp() < deadline))
            RaiseWhatHappened(visit);
        connection->error = nullptr;
        if (!is_busy) return false;
        pg_usleep(kBusyMicroseconds);
        CHECK_FOR_INTERRUPTS();
    }
}

}  // namespace herd::transaction
