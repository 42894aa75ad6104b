#include "transaction/node_query.h"

#include "cluster/remote_error.h"
#include "cluster/replies.h"
#include "postgres/error.h"
#include "transaction/settings.h"

extern "C" {
#include <executor/executor.h>
}

namespace herd::transaction {

namespace {

void RequireAnswer(const NodeQuery& query, cluster::Connection* connection, cluster::RemoteResult* result) {
    int timeout = query.timeout == 0 ? commit_timeout : query.timeout;
    TimestampTz deadline = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), timeout);
    bool answered = cluster::QueueStatement(connection, {query.sql, false, {}}, query.desc, result) &&
                    cluster::QueueSync(connection, deadline) && cluster::AwaitReplies(connection, deadline);
    if (answered && result->error == nullptr) return;
    ErrorData* error = result->error;
    cluster::CloseConnection(connection);
    if (error != nullptr) cluster::RaiseError(error);
    ereport(ERROR, (errcode(ERRCODE_CONNECTION_FAILURE), errmsg("node \"%s\" does not answer", query.node->name)));
}

void Ask(void* argument) {
    const auto& query = *static_cast<const NodeQuery*>(argument);
    cluster::Connection* connection = query.keeps_connection ? cluster::GetConnection(query.node->id, 0)
                                                             : cluster::OpenPrivateConnection(query.node->id);
    AskOver(connection, query);
    if (!query.keeps_connection) cluster::CloseConnection(connection);
}

}  // namespace

void AskOver(cluster::Connection* connection, const NodeQuery& query) {
    auto* result = static_cast<cluster::RemoteResult*>(palloc0(sizeof(cluster::RemoteResult)));
    MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "herd node query", ALLOCSET_SMALL_SIZES);
    cluster::InitRemoteResult(result, context, query.desc);
    result->whole = true;
    RequireAnswer(query, connection, result);
    TupleTableSlot* slot = MakeSingleTupleTableSlot(query.desc, &TTSOpsVirtual);
    while (cluster::TakeRow(result, slot)) query.add(&query, slot);
    ExecDropSingleTupleTableSlot(slot);
    cluster::EndRemoteResult(result);
}

bool AskNode(const NodeQuery& query, char** problem) {
    ErrorData* error = postgres::TryInSubtransaction(Ask, const_cast<NodeQuery*>(&query));
    if (error == nullptr) return true;
    *problem = error->detail == nullptr ? error->message : psprintf("%s: %s", error->message, error->detail);
    return false;
}

}  // namespace herd::transaction
