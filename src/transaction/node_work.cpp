#include "transaction/node_work.h"

#include "catalog/metadata.h"
#include "cluster/remote_error.h"
#include "transaction/settings.h"

extern "C" {
#include <access/parallel.h>
#include <access/xact.h>
#include <storage/proc.h>
#include <utils/builtins.h>
}

namespace herd::transaction {

NodeWork* first_work;
Stream* first_stream;

namespace {

NodeWork* FindWork(NodeId node, int slot) {
    for (NodeWork* work = first_work; work != nullptr; work = work->next)
        if (work->node == node && work->slot == slot) return work;
    return nullptr;
}

NodeWork* AddWork(NodeId node, int slot) {
    auto* work = static_cast<NodeWork*>(MemoryContextAllocZero(TopTransactionContext, sizeof(NodeWork)));
    work->node = node;
    work->slot = slot;
    NodeWork** last = &first_work;
    while (*last != nullptr) last = &(*last)->next;
    *last = work;
    return work;
}

void CheckSerializable(NodeId node) {
    if (!IsolationIsSerializable() || allow_weak_serializable) return;
    for (NodeWork* work = first_work; work != nullptr; work = work->next)
        if (work->node != node)
            ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                            errmsg("a serializable transaction can't use more than one node"),
                            errdetail("Each node checks only its own part for serializability; this transaction "
                                      "already used node \"%s\".",
                                      work->node_name),
                            errhint("Use REPEATABLE READ, or set herd.allow_weak_serializable.")));
}

void CheckUsable(const NodeWork* work) {
    if (IsParallelWorker()) elog(ERROR, "a parallel worker can't use nodes");
    if (!work->lost) return;
    ereport(ERROR, (errcode(ERRCODE_CONNECTION_FAILURE), errmsg("lost connection to node \"%s\"", work->node_name),
                    errdetail("What this transaction did there is undone, so the transaction can't go on.")));
}

const char* BeginCommand(const NodeWork* work) {
    bool read_only = XactReadOnly && work->write_level == 0 && GetCurrentTransactionNestLevel() == 1;
    switch (XactIsoLevel) {
        case XACT_SERIALIZABLE:
            if (read_only)
                return XactDeferrable ? "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE"
                                      : "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY";
            return "BEGIN ISOLATION LEVEL SERIALIZABLE";
        case XACT_REPEATABLE_READ:
            return read_only ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                             : "BEGIN ISOLATION LEVEL REPEATABLE READ";
        default:
            // The level is the default of a session with a node (cluster/connection_options): naming it costs a microsecond.
            return read_only ? "BEGIN READ ONLY" : "BEGIN";
    }
}

char* ChangedSettings(NodeWork* work, cluster::SettingsForm form, bool in_transaction) {
    cluster::Connection* connection = work->connection;
    char* command = cluster::MakeSettingsCommand(&connection->settings, connection->context, form, in_transaction);
    if (command != nullptr && in_transaction) connection->settings_sent_in_transaction = true;
    return command;
}

void NoteBegun(NodeWork* work) {
    work->begin_level = GetCurrentTransactionNestLevel();
    work->savepoint_level = 1;
    work->read_savepoint = false;
}

// Calls emit(text) for every command that brings the node's savepoints to ours, and notes it as done.
template <class Emit>
void EachSavepointCommand(NodeWork* work, Emit emit) {
    char text[64];
    int level = GetCurrentTransactionNestLevel();
    if (work->begin_level == 0) return;
    if (work->release_level > 0) {
        snprintf(text, sizeof(text), "RELEASE SAVEPOINT herd_%d", work->release_level);
        emit(text);
        work->release_level = 0;
    }
    while (work->savepoint_level < level) {
        snprintf(text, sizeof(text), "SAVEPOINT herd_%d", work->savepoint_level + 1);
        emit(text);
        work->savepoint_level++;
    }
}

}  // namespace

bool NeedsTransaction(const NodeWork* work, Purpose purpose) {
    if (purpose == Purpose::kWholeTransaction) return false;
    return purpose != Purpose::kRead || work->begin_level > 0 || IsolationUsesXactSnapshot();
}

namespace {

// Other connections of the node that have a transaction open would hold locks against this one. What their streams
// have not sent yet is put aside; their statements' snapshots are known to this connection too.
void EndOtherReaders(NodeWork* first) {
    bool settled = false;
    for (NodeWork* work = first_work; work != nullptr; work = work->next) {
        if (work->node != first->node || work == first || work->begin_level == 0 || work->connection == nullptr)
            continue;
        if (!settled) Settle(first);
        settled = true;
        Settle(work);
        if (!cluster::QueueCommit(work->connection) || !cluster::QueueSync(work->connection, cluster::kNoDeadline) ||
            !cluster::AwaitReplies(work->connection, cluster::kNoDeadline) || work->connection->failed)
            RaiseFailure(work, nullptr);
        work->begin_level = work->savepoint_level = work->release_level = 0;
    }
}

}  // namespace

bool UsesOneConnection(NodeId node) {
    if (IsolationUsesXactSnapshot()) return true;
    const NodeWork* first = FindWork(node, 0);
    return first != nullptr && (first->bound || first->lost);
}

NodeWork* UseNode(NodeId node, Purpose purpose, int slot) {
    NodeWork* first = FindWork(node, 0);
    bool binds = purpose == Purpose::kReadLocking || purpose == Purpose::kWrite;
    bool only_first = binds || UsesOneConnection(node);
    slot = only_first ? 0 : cluster::FreeSlot(slot);
    NodeWork* work = slot == 0 ? first : FindWork(node, slot);
    if (work == nullptr) {
        CheckSerializable(node);
        work = AddWork(node, slot);
    }
    CheckUsable(work);
    if (work->connection == nullptr) {
        work->connection = cluster::GetConnection(node, slot);
        work->connection->work = work;
        strlcpy(work->node_name, work->connection->node_name, NAMEDATALEN);
    }
    if (binds && !work->bound) {
        EndOtherReaders(work);
        work->bound = true;
    }
    if (purpose == Purpose::kWrite && work->write_level == 0) work->write_level = GetCurrentTransactionNestLevel();
    return work;
}

void QueueSettings(NodeWork* work, cluster::RemoteResult* owner) {
    char* settings = ChangedSettings(work, cluster::SettingsForm::kCall, work->begin_level > 0);
    if (settings == nullptr) return;
    if (!cluster::QueueControl(work->connection, settings, owner)) RaiseFailure(work, owner);
    // Outside a transaction they go in a packet of their own: an error in the same one would undo them.
    if (work->begin_level == 0 && !cluster::QueueSync(work->connection, cluster::kNoDeadline))
        RaiseFailure(work, owner);
}

void EndReading(NodeId node) {
    NodeWork* work = FindWork(node, 0);
    if (work == nullptr || work->begin_level == 0) return;
    if (work->write_level > 0) elog(ERROR, "the transaction has written on node \"%s\"", work->node_name);
    Settle(work);
    CheckUsable(work);
    if (!cluster::QueueCommit(work->connection) || !cluster::QueueSync(work->connection, cluster::kNoDeadline))
        RaiseFailure(work, nullptr);
    work->begin_level = work->savepoint_level = work->release_level = 0;
}

void BeginAnew(NodeWork* work) {
    cluster::Connection* connection = work->connection;
    connection->failed = false;
    if (connection->settings_sent_in_transaction) cluster::ForgetSettingsOfTransaction(&connection->settings);
    if (!cluster::QueueControl(connection, "ROLLBACK", nullptr) ||
        !cluster::QueueSync(connection, cluster::kNoDeadline) ||
        !cluster::AwaitReplies(connection, cluster::kNoDeadline))
        RaiseFailure(work, nullptr);
    work->begin_level = work->savepoint_level = work->release_level = work->write_level = 0;
    work->bound = work->read_savepoint = false;
    work->statement_count = 0;
}

void QueuePreamble(NodeWork* work, bool in_transaction, cluster::RemoteResult* owner) {
    auto queue = [&](const char* command) {
        if (!cluster::QueueControl(work->connection, command, owner)) RaiseFailure(work, owner);
    };
    // First: what follows must not be undone with the reading.
    if (work->begin_level > 0 && work->read_savepoint) {
        if (!cluster::QueueFixedControl(work->connection, "RELEASE SAVEPOINT herd_read", owner))
            RaiseFailure(work, owner);
        work->read_savepoint = false;
    }
    QueueSettings(work, owner);
    if (in_transaction && work->begin_level == 0) {
        if (!cluster::QueueFixedControl(work->connection, BeginCommand(work), owner)) RaiseFailure(work, owner);
        NoteBegun(work);
    }
    EachSavepointCommand(work, queue);
}

void QueueReadSavepoint(NodeWork* work, cluster::RemoteResult* owner) {
    if (!cluster::QueueFixedControl(work->connection, "SAVEPOINT herd_read", owner)) RaiseFailure(work, owner);
    work->read_savepoint = true;
}

void AppendPreamble(NodeWork* work, StringInfo sql) {
    auto append = [&](const char* command) { appendStringInfo(sql, "%s; ", command); };
    if (work->begin_level > 0 && work->read_savepoint) append("RELEASE SAVEPOINT herd_read");
    work->read_savepoint = false;
    char* settings = ChangedSettings(work, cluster::SettingsForm::kCommands, true);
    if (settings != nullptr) append(settings);
    if (work->begin_level == 0) {
        append(BeginCommand(work));
        NoteBegun(work);
    }
    EachSavepointCommand(work, append);
}

void RaiseFailure(NodeWork* work, cluster::RemoteResult* result) {
    if (result != nullptr && result->error != nullptr) cluster::RaiseError(result->error);
    RaisePending(work);
    cluster::RaiseError(
        cluster::MakeLostError(work->connection, PQerrorMessage(work->connection->pg), CurrentMemoryContext));
}

void RaisePending(NodeWork* work) {
    cluster::Connection* connection = work->connection;
    if (!connection->failed) return;
    ErrorData* error = connection->error;
    connection->error = nullptr;
    connection->failed = cluster::IsBroken(connection);
    if (error != nullptr) cluster::RaiseError(error);
    if (work->begin_level == 0) return;
    for (Stream* stream = first_stream; stream != nullptr; stream = stream->next)
        if (stream->work == work && stream->error != nullptr && !stream->discard) cluster::RaiseError(stream->error);
}

void FinishCopy(NodeWork* work) {
    CopyInFlight* copy = work->copy;
    if (copy == nullptr) return;
    bool answered = cluster::AwaitReplies(work->connection, cluster::kNoDeadline);
    work->copy = nullptr;
    ErrorData* error = copy->result.error;
    if (error == nullptr) {
        if (!answered) RaiseFailure(work, nullptr);
        MemoryContextDelete(copy->result.context);
        return;
    }
    if (copy->on_error != nullptr) copy->on_error(error, copy->argument);
    cluster::RaiseError(error);
}

void Settle(NodeWork* work) {
    if (work->connection == nullptr) return;
    FinishCopy(work);
    if (cluster::IsExpecting(work->connection)) cluster::AwaitReplies(work->connection, cluster::kNoDeadline);
    if (work->connection->failed) RaisePending(work);
    if (cluster::IsBroken(work->connection) && work->begin_level > 0) RaiseFailure(work, nullptr);
}

}  // namespace herd::transaction
