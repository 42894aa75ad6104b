// Utility statements and COPY: the simple protocol.
#include "transaction/node_work.h"

#include "cluster/remote_error.h"
#include "transaction/transaction_snapshots.h"

extern "C" {
#include <access/xact.h>
}

namespace herd::transaction {

namespace {

cluster::RemoteResult* MakeResult() {
    auto* result = static_cast<cluster::RemoteResult*>(
        MemoryContextAllocZero(TopTransactionContext, sizeof(cluster::RemoteResult)));
    MemoryContext context = AllocSetContextCreate(TopTransactionContext, "herd command", ALLOCSET_SMALL_SIZES);
    cluster::InitRemoteResult(result, context, nullptr);
    return result;
}

void SendCommand(NodeWork* work, const char* sql, cluster::RemoteResult* result) {
    Settle(work);
    StringInfoData text;
    initStringInfo(&text);
    AppendPreamble(work, &text);
    appendStringInfoString(&text, sql);
    if (!cluster::SendSimple(work->connection, text.data, result, cluster::kNoDeadline)) RaiseFailure(work, result);
    pfree(text.data);
}

void AwaitCommand(NodeWork* work, cluster::RemoteResult* result) {
    bool answered = cluster::AwaitReplies(work->connection, cluster::kNoDeadline);
    if (result->error != nullptr) cluster::RaiseError(result->error);
    if (!answered) RaiseFailure(work, result);
    MemoryContextDelete(result->context);
    pfree(result);
}

// What is to be done on one node, from all entries for it.
struct NodeCommand {
    NodeWork* work;
    StringInfoData sql;
    cluster::RemoteResult* result;
};

NodeCommand* FindCommand(NodeCommand* commands, int* count, NodeId node) {
    for (int i = 0; i < *count; i++)
        if (commands[i].work->node == node) return &commands[i];
    NodeCommand* command = &commands[(*count)++];
    command->work = UseNode(node, Purpose::kWrite, 0);
    initStringInfo(&command->sql);
    return command;
}

}  // namespace

void ExecuteOnNodes(const NodeId* nodes, const char* const* sqls, int count) {
    auto* commands = static_cast<NodeCommand*>(palloc0(sizeof(NodeCommand) * (count + 1)));
    int node_count = 0;
    for (int i = 0; i < count; i++)
        appendStringInfo(&FindCommand(commands, &node_count, nodes[i])->sql, "%s;\n", sqls[i]);
    for (int i = 0; i < node_count; i++) {
        commands[i].result = MakeResult();
        SendCommand(commands[i].work, commands[i].sql.data, commands[i].result);
        pfree(commands[i].sql.data);
    }
    for (int i = 0; i < node_count; i++) AwaitCommand(commands[i].work, commands[i].result);
    pfree(commands);
}

void ExecuteOnNode(NodeId node, const char* sql) { ExecuteOnNodes(&node, &sql, 1); }

namespace {

CopyInFlight* MakeCopy(CopyErrorHook on_error, void* argument) {
    MemoryContext context = AllocSetContextCreate(TopTransactionContext, "herd copy", ALLOCSET_SMALL_SIZES);
    auto* copy = static_cast<CopyInFlight*>(MemoryContextAllocZero(context, sizeof(CopyInFlight)));
    cluster::InitRemoteResult(&copy->result, context, nullptr);
    copy->level = GetCurrentTransactionNestLevel();
    copy->on_error = on_error;
    copy->argument = argument;
    return copy;
}

// The node answers that it waits for data, or with an error.
void AwaitCopyIn(NodeWork* work) {
    cluster::Connection* connection = work->connection;
    bool alive = cluster::AwaitReplies(connection, cluster::kNoDeadline);
    if (connection->copy_in) return;
    FinishCopy(work);
    if (!alive) RaiseFailure(work, nullptr);
    ereport(ERROR,
            (errcode(ERRCODE_PROTOCOL_VIOLATION), errmsg("node \"%s\" did not ask for COPY data", work->node_name)));
}

}  // namespace

void SendCopy(NodeId node, const char* copy_sql, const char* data, size_t length, CopyErrorHook on_error,
              void* argument) {
    TakeTransactionSnapshots();
    NodeWork* work = UseNode(node, Purpose::kWrite, 0);
    Settle(work);
    CopyInFlight* copy = MakeCopy(on_error, argument);
    StringInfoData sql;
    initStringInfo(&sql);
    AppendPreamble(work, &sql);
    appendStringInfoString(&sql, copy_sql);
    work->copy = copy;
    if (!cluster::SendSimple(work->connection, sql.data, &copy->result, cluster::kNoDeadline))
        RaiseFailure(work, &copy->result);
    pfree(sql.data);
    AwaitCopyIn(work);
    if (!cluster::SendCopyData(work->connection, data, length)) RaiseFailure(work, &copy->result);
}

void FinishCopies() {
    for (NodeWork* work = first_work; work != nullptr; work = work->next)
        if (work->copy != nullptr) Settle(work);
}

bool HasWorkOn(NodeId node) {
    for (NodeWork* work = first_work; work != nullptr; work = work->next)
        if (work->node == node && (work->begin_level > 0 || work->lost)) return true;
    for (Stream* stream = first_stream; stream != nullptr; stream = stream->next)
        if (stream->work->node == node && !stream->done) return true;
    return false;
}

}  // namespace herd::transaction
