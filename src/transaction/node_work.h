// What the current transaction does over one connection: has it begun there, which savepoints are set, did it write.
// Internal to this module.
#pragma once

#include "postgres/pg.h"

#include "cluster/replies.h"
#include "transaction/gid.h"
#include "transaction/session.h"

namespace herd::transaction {

struct CopyInFlight {
    cluster::RemoteResult result;
    int level;
    CopyErrorHook on_error;
    void* argument;
};

// Nest levels are those of GetCurrentTransactionNestLevel(): 1 is the transaction itself. 0 means never.
struct NodeWork {
    NodeWork* next;
    NodeId node;
    int slot;
    cluster::Connection* connection;  // null once lost
    char node_name[NAMEDATALEN];
    int begin_level;      // where BEGIN was sent
    int savepoint_level;  // herd_2 … herd_<this> are set there
    int release_level;    // herd_<this> and all after it are still to be released there
    int write_level;      // the outermost level that wrote
    bool read_savepoint;  // herd_read is set there, in front of the last statement that was sent
    bool lost;            // with work of this transaction: it can only abort
    CopyInFlight* copy;   // sent, not answered
    uint32* statements;   // whose snapshots the node keeps
    int statement_count;
    int statement_capacity;
    bool bound;  // took locks or wrote: what this transaction does on the node goes over this connection
    bool prepare_sent;
    bool rolling_back;
    bool commit_sent;  // COMMIT, COMMIT PREPARED, or a statement that the node commits by itself
    char gid[kGidSize];
};

struct Stream : cluster::RemoteResult {
    Stream* next;
    NodeWork* work;
    int level;
    Purpose purpose;
    TupleDesc row_desc;
    bool ended;
    bool behind_savepoint;               // can be canceled without undoing more
    bool repeatable;                     // sending it once more is possible and harmless
    bool may_move;                       // see MayMove()
    bool begins;                         // it is the first that the transaction does there
    cluster::RemoteStatement statement;  // if it is repeatable
};

// Of the current transaction, in order of first use.
extern NodeWork* first_work;
extern Stream* first_stream;

// Where a statement of this purpose runs; opens the connection if needed, and notes a write. Raises if the node can't be
// reached or its work is lost.
NodeWork* UseNode(NodeId node, Purpose purpose, int slot);
bool NeedsTransaction(const NodeWork* work, Purpose purpose);

// Queues what must precede a statement: settings, and if `in_transaction` BEGIN and savepoints. The same as text, for the
// simple protocol.
// QueueSettings alone: before a commit, which synchronous_commit matters to.
void QueueSettings(NodeWork* work, cluster::RemoteResult* owner);
void QueuePreamble(NodeWork* work, bool in_transaction, cluster::RemoteResult* owner);
// Behind the preamble of a statement that only reads: so it can be canceled.
void QueueReadSavepoint(NodeWork* work, cluster::RemoteResult* owner);
void AppendPreamble(NodeWork* work, StringInfo sql);

// Undoes all that the transaction has done there, which then has done nothing there.
void BeginAnew(NodeWork* work);

// Raises what went wrong on the connection when a call said false.
[[noreturn]] void RaiseFailure(NodeWork* work, cluster::RemoteResult* result);
// Raises errors that belong to no result, or to any result if the node's transaction has failed with them.
void RaisePending(NodeWork* work);

// Waits for everything that is on its way, putting rows aside, and raises errors. Collects a COPY's answer.
void Settle(NodeWork* work);
void FinishCopy(NodeWork* work);

// One round trip for a statement that is its whole transaction (autocommit.cpp). Sent without BEGIN, the node commits it at the
// packet's end. From then on its outcome is the node's: no interrupt may end the wait.
bool MayCommitWithStatement();
// Waits until the node has committed, or has rolled back with an error that is then the stream's, or raised if it came with the commit.
// Raises also if the outcome is unknown. After a commit nothing cancels the local transaction any more.
void AwaitCommitWithStatement(Stream* stream);
// At the end of the transaction.
void EndAutocommit(bool committed);

Stream* MakeStream(NodeWork* work, Purpose purpose, TupleDesc row_desc);
void ForgetStreams();
// Frees those that are discarded and done: an aborted subtransaction's, whose executors never end them.
void FreeDiscardedStreams();

// Undoes what the transaction (level 1) or a subtransaction did on the nodes. Never raises.
void AbortAllWork();
void AbortSubtransactionWork(int level);
void CommitSubtransactionWork(int level);

}  // namespace herd::transaction
