// Sending commands over a connection, and taking their replies in order.
//
// A reply belongs to the RemoteResult its command was queued with; rows that arrive for another result than the one being
// read are put aside there, errors are kept there. A lost connection marks all results that are still expected.
// While Connection::quiet is set (aborting, committing) nothing here raises.
#pragma once

#include "cluster/remote_result.h"
#include "cluster/remote_statement.h"
#include "cluster/wait_loop.h"

namespace herd::cluster {

// Queue a command; nothing is sent before QueueSync(). False if the connection is lost.
bool QueueControl(Connection* connection, const char* sql, RemoteResult* owner);
// The same for one that comes again and again: it is kept prepared on the node.
bool QueueFixedControl(Connection* connection, const char* sql, RemoteResult* owner);
// COMMIT or PREPARE TRANSACTION: has failed too if the node rolls back instead.
bool QueueCommit(Connection* connection);
bool QueuePrepareTransaction(Connection* connection, const char* gid);
bool QueueStatement(Connection* connection, const RemoteStatement& statement, TupleDesc row_desc, RemoteResult* result);
// Ends the packet and sends it. May wait for the socket (until the deadline if quiet).
bool QueueSync(Connection* connection, TimestampTz deadline);

// Sends a packet that an error left without its Sync.
bool EndPacket(Connection* connection, TimestampTz deadline);

// A simple Query. Only when nothing is expected any more.
bool SendSimple(Connection* connection, const char* sql, RemoteResult* result, TimestampTz deadline);
// The data of a COPY, when the node waits for it (connection->copy_in).
bool SendCopyData(Connection* connection, const char* data, size_t length);

// Takes one reply if one is here; false if the connection must be waited for. Rows for `reader` may be taken by it directly.
bool TakeReply(Connection* connection, RemoteResult* reader);
// Reads the socket without waiting. False if the connection is lost.
bool ReadSocket(Connection* connection);
// Waits until nothing more is expected. False if the deadline passed or the connection is lost.
bool AwaitReplies(Connection* connection, TimestampTz deadline);

inline bool IsExpecting(const Connection* connection) { return connection->reply_count > 0; }
// Is this result the one whose rows come next, and the only one expected?
bool IsAlone(const Connection* connection, const RemoteResult* result);

// For libpq's notice receiver: keeps the report for the statement whose replies come next. Raises nothing.
void KeepSnapshotReport(Connection* connection, const char* report);

// Tells all expected results that the connection is lost.
void MarkLost(Connection* connection);

}  // namespace herd::cluster
