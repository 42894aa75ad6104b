// One libpq connection to a node, kept open by this backend and reused over transactions, and what is on its way on it.
//
// Statements travel pipelined: commands are queued, one Sync sends them, and their replies come back in order. `replies` is
// the list of what is still expected. Connections live in TopMemoryContext until they break, their SERVER or USER MAPPING changes,
// or the backend ends. Whose transaction is open on them is not known here (transaction/session.h).
#pragma once

#include "postgres/pg.h"

#include "base/ids.h"
#include "cluster/prepared_statements.h"
#include "cluster/user_settings.h"

extern "C" {
#include <libpq-fe.h>
#include <storage/latch.h>
#include <utils/timestamp.h>
}

namespace herd::cluster {

struct RemoteResult;

enum class ReplyKind : uint8 {
    kControl,    // BEGIN, SAVEPOINT, SET …: only success matters
    kPrepare,    // Parse of `prepared`
    kStatement,  // rows for `result`
    kSync,
    kSimple,  // the simple protocol: any number of results
};

struct Reply {
    ReplyKind kind;
    RemoteResult* result;         // who is told of an error; null: nobody, see Connection::error
    PreparedStatement* prepared;  // kPrepare
    bool must_commit;             // kControl: the answer ROLLBACK is a failure
};

struct PendingNotice;

struct Connection {
    Connection* next;
    MemoryContext context;  // of everything here
    NodeId node;
    int slot;
    char node_name[NAMEDATALEN];
    uint32 server_hash;  // of the SERVER's and the USER MAPPING's syscache entries
    uint32 mapping_hash;
    bool stale;        // one of them changed: close when idle
    bool private_use;  // not handed out by GetConnection(): recovery's
    bool connected;
    bool holds_descriptor;  // counted by AcquireExternalFD()
    bool adopted;           // from another session, and not used since: it has that one's name
    bool settings_unknown;  // and what that one left there is not known, either
    bool prepared_unknown;
    bool in_use;            // by the current transaction; not looked at for being broken again
    TimestampTz last_use;   // start of the client's statement that used it last
    const char** keywords;  // for a second connection that cancels, when catalogs can't be read
    const char** values;
    PGconn* pg;
    WaitEventSet* wait_set;
    uint32 wait_events;

    Reply* replies;  // ring buffer
    int reply_first;
    int reply_count;
    int reply_capacity;
    bool pipeline;         // libpq is in pipeline mode
    bool copy_in;          // the node waits for COPY data
    bool quiet;            // cleaning up: errors and notices are thrown away, nothing is raised
    bool hold_interrupts;  // waiting for the answer of a commit
    bool failed;           // some command failed since this was cleared
    int failed_sqlstate;

    ErrorData* error;  // of a command that belongs to no result, not yet raised

    PreparedStatementCache prepared;
    SentSettings settings;              // that the node's session has
    bool settings_sent_in_transaction;  // a rollback undoes some of them
    PendingNotice* notices;             // collected while libpq runs
    void* work;                         // transaction's
};

// The connection of this slot of a node, opened if there is none (raises if that fails; serves interrupts). An idle one
// that turns out broken or whose options changed is opened anew. Marks it in_use. The first one of a session may have to wait for others
// (tickets.h).
Connection* GetConnection(NodeId node, int slot);
// The slot to use instead of this one: the same or a smaller one, if that many connections are not free.
int FreeSlot(int slot);
// A connection of its own for the caller, to be closed by him; an error closes it at the end of the transaction.
Connection* OpenPrivateConnection(NodeId node);
// Closes and frees; results still expected are told that the connection was lost.
void CloseConnection(Connection* connection);
// End of a transaction: marks all as unused, closes half-opened, private, broken and stale ones; passes them on if others queue for
// them. Never raises.
void ReleaseConnections();

// Asks the node to cancel what runs on the connection, over a second connection (encrypted like the first, never blocking).
// False if that did not work before the deadline. Never raises.
bool CancelStatement(Connection* connection, TimestampTz deadline);

// Does the node still take connections, the second one used as a probe? Takes no longer than herd.connect_timeout; never raises.
bool IsAnswering(const Connection* connection);

bool IsBroken(const Connection* connection);

// Registers what notices changes of SERVERs and USER MAPPINGs.
void RegisterConnectionCallbacks();

}  // namespace herd::cluster
