#include "operations/node_maintenance.h"

#include "cluster/remote_error.h"
#include "cluster/replies.h"
#include "cluster/remote_result.h"
#include "cluster/wait_loop.h"
#include "postgres/error.h"

extern "C" {
#include <utils/timestamp.h>
}

namespace herd::operations {

namespace {

struct Maintenance {
    const NodeId* nodes;
    const char* const* sqls;
    int count;
    cluster::Connection** connections;
    cluster::RemoteResult* results;
};

constexpr int kCancelTimeout = 5000;

void RaiseProblem(const cluster::Connection* connection, const cluster::RemoteResult* result) {
    if (result->error != nullptr) cluster::RaiseError(result->error);
    if (connection->error != nullptr) cluster::RaiseError(connection->error);
    ereport(ERROR, (errcode(ERRCODE_CONNECTION_FAILURE),
                    errmsg("the connection to node \"%s\" was lost", connection->node_name)));
}

void Start(Maintenance* work, int i) {
    cluster::Connection* connection = cluster::OpenPrivateConnection(work->nodes[i]);
    work->connections[i] = connection;
    MemoryContext context =
        AllocSetContextCreate(CurrentMemoryContext, "herd maintenance result", ALLOCSET_SMALL_SIZES);
    cluster::InitRemoteResult(&work->results[i], context, nullptr);
    // What there is to say the caller says, once.
    if (!cluster::QueueControl(connection, "SET client_min_messages TO error", nullptr) ||
        !cluster::QueueSync(connection, cluster::kNoDeadline) ||
        !cluster::QueueStatement(connection, {work->sqls[i], false, {}}, nullptr, &work->results[i]) ||
        !cluster::QueueSync(connection, cluster::kNoDeadline))
        RaiseProblem(connection, &work->results[i]);
}

void RunAll(void* argument) {
    auto* work = static_cast<Maintenance*>(argument);
    for (int i = 0; i < work->count; i++) Start(work, i);
    for (int i = 0; i < work->count; i++) {
        cluster::Connection* connection = work->connections[i];
        bool answered = cluster::AwaitReplies(connection, cluster::kNoDeadline);
        if (!answered || work->results[i].error != nullptr || connection->error != nullptr)
            RaiseProblem(connection, &work->results[i]);
        cluster::CloseConnection(connection);
        work->connections[i] = nullptr;
        cluster::EndRemoteResult(&work->results[i]);
    }
}

}  // namespace

void RunOutsideTransaction(const NodeId* nodes, const char* const* sqls, int count) {
    Maintenance work = {nodes, sqls, count, nullptr, nullptr};
    work.connections = static_cast<cluster::Connection**>(palloc0(sizeof(cluster::Connection*) * (count + 1)));
    work.results = static_cast<cluster::RemoteResult*>(palloc0(sizeof(cluster::RemoteResult) * (count + 1)));
    ErrorData* error = postgres::CatchError(RunAll, &work);
    if (error == nullptr) return;
    TimestampTz deadline = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), kCancelTimeout);
    for (int i = 0; i < count; i++)
        if (work.connections[i] != nullptr && cluster::IsExpecting(work.connections[i]))
            cluster::CancelStatement(work.connections[i], deadline);
    ReThrowError(error);
}

}  // namespace herd::operations
