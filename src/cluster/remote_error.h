// What a node reports, as this server's own errors and notices: SQLSTATE, detail, hint and names kept, shard schemas
// given the user's names, the node in the context.
#pragma once

#include "cluster/connection.h"

namespace herd::cluster {

// Copied into the given context, not raised.
ErrorData* MakeRemoteError(const Connection* connection, const PGresult* result, const ErrorPlace& place,
                           MemoryContext context);
// The connection broke. detail may be null.
ErrorData* MakeLostError(const Connection* connection, const char* detail, MemoryContext context);

// What the user is told if a task went to a node that does not hold the shard and could not be sent to another: to try again.
void MakeSerializationFailure(ErrorData* error);

// Raises it with the current error context appended. A node's own word for a shard that it does not hold never reaches the user.
[[noreturn]] void RaiseError(ErrorData* error);

// Did the node end the session (so this is a lost connection)?
bool IsFatal(const PGresult* result);
int ResultSqlState(const PGresult* result);

// Collects notices of the connection; libpq calls back while it parses, when nothing may be raised.
void CollectNotices(Connection* connection);
// Passes on what was collected, or throws it away. result: whose reply they came with, which keeps a report of the plan; may be null.
void EmitNotices(Connection* connection, RemoteResult* result);
void DropNotices(Connection* connection);

}  // namespace herd::cluster
