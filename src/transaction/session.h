// Which connections do this transaction's work, and how statements, rows and COPY data travel over them.
//
// Promise: what the transaction wrote on several nodes commits or aborts together; savepoints follow; after an error or a lost connection
// every node undoes. Before its first write on a node a transaction may read there over several connections; afterwards
// exactly one. Nobody frees or closes what these functions return except as said; everything ends with the transaction.
// Never used for the own node: that runs in process.
#pragma once

#include "postgres/pg.h"

#include "base/ids.h"
#include "cluster/remote_statement.h"

extern "C" {
#include <access/tupdesc.h>
}

namespace herd::transaction {

enum class Purpose : uint8 {
    kRead,         // plain SELECT in READ COMMITTED: needs no transaction on the node, joins one if open
    kReadShared,   // plain SELECT that sees the snapshot of its statement's other tasks there: BEGIN first
    kReadLocking,  // takes row locks or must stay in one transaction: BEGIN first
    kWrite,        // BEGIN first, and the node becomes a writer for the commit protocol
    // A write that is all of its transaction, which commits as soon as it ends, whatever its outcome: the node may commit it
    // together with the statement, in one round trip. If the transaction can't take that way, the same as kWrite.
    kWholeTransaction,
};

// A statement under way on a connection, and its rows.
struct Stream;

// Sends the statement (with BEGIN and savepoints in the same packet where needed) and returns at once. Raises if the
// node can't be reached. row_desc: how to decode rows (null: no rows are expected). Rows arrive in binary where every column's type
// allows it, else text. parallel_slot: 0 for the first connection of the node, 1… for further read connections of one gather; ignored
// once the transaction writes there. If the connection is busy with another stream, that one's remaining
// rows are read into its tuplestore (spilling to disk beyond work_mem) first.
// The statement's memory must last until EndStream().
Stream* StartStream(NodeId node, Purpose purpose, int parallel_slot, const cluster::RemoteStatement& statement,
                    TupleDesc row_desc);

// The stream's rows are wanted unless this level is undone, though it was started at a deeper one.
void KeepForLevel(Stream* stream, int level);

// Does what the transaction still does on that node go over one connection?
bool UsesOneConnection(NodeId node);

// The next row in a virtual or minimal slot (cleared at the end: returns false). Waits, serving interrupts; a cancel is
// passed to the node. Errors of the node are raised with SQLSTATE, detail, hint, constraint … kept.
bool NextRow(Stream* stream, TupleTableSlot* slot);

enum class Poll : uint8 { kRow, kPending, kDone };
// Like NextRow, but kPending if nothing has arrived.
Poll PollRow(Stream* stream, TupleTableSlot* slot);
// Waits until one of the streams has something; they may share connections.
void WaitForAny(Stream* const* streams, int count);

// A task whose node answers that it does not hold a shard (any more) can go to another one. After this call such an answer is not raised: the
// stream ends without rows, and WasMisdirected() is true. Then Withdraw() makes as if the statement had never been sent, and ends the stream;
// where other work of the transaction would be lost, or its snapshot is the whole transaction's, it raises a serialization failure.
// RaiseMisdirected() does so in any case.
void MayMove(Stream* stream);
bool WasMisdirected(const Stream* stream);
void Withdraw(Stream* stream);
[[noreturn]] void RaiseMisdirected(Stream* stream);

// What the node's snapshot sees, of a statement whose header asks for a report: in hexadecimal digits, owned by the stream.
struct SnapshotAnswer {
    const char* report;  // null: there is none
    int64 at;            // monotonic µs
};
// False if it has not come yet; it comes ahead of the rows, which stay where they are. Raises the statement's error.
bool PollReport(Stream* stream, SnapshotAnswer* answer);

// Rows affected by the statement (command tag), and bytes received; valid after the last row.
uint64 StreamAffectedRows(const Stream* stream);
uint64 StreamBytes(const Stream* stream);
// The node's plan of the statement, if it was asked for (plan/plan_report.h) and told; else null. Lives as long as the stream.
const char* StreamPlanReport(const Stream* stream);

// Ends a stream; unread rows are discarded (a cancel is sent if the statement still runs and only reads). May be called
// again as long as no other stream was started, and the two counters above may be read that long.
void EndStream(Stream* stream);

// Utility statements on a node inside this transaction (several separated by semicolons are fine); waits for the end.
void ExecuteOnNode(NodeId node, const char* sql);
// Starts on all, then waits for all. Arrays of equal length.
void ExecuteOnNodes(const NodeId* nodes, const char* const* sqls, int count);
// One text value (palloc'd; null if none or NULL) of a query, inside this transaction.
char* QueryValueOnNode(NodeId node, const char* sql);

// COPY … FROM STDIN with all of its data in one go; doesn't wait for the node's answer. The answer is collected before the connection's next
// use, at FinishCopies(), or before commit; an error is then passed to on_error (may be null), which may adapt the ErrorData's
// message/context, and raised.
using CopyErrorHook = void (*)(ErrorData* error, void* argument);
void SendCopy(NodeId node, const char* copy_sql, const char* data, size_t length, CopyErrorHook on_error,
              void* argument);
void FinishCopies();

// What the transaction has begun on the node, where it has only read, ends; its next statement there begins anew, with a new snapshot.
void EndReading(NodeId node);

// Has this transaction open work on that node (so a retry elsewhere is not possible)?
bool HasWorkOn(NodeId node);

// For a writer in process on the own node nothing is needed: PostgreSQL's own transaction is the participant.

// Registers transaction callbacks; once per backend, in _PG_init.
void RegisterSessionCallbacks();

}  // namespace herd::transaction
