#include "cluster/connection.h"

#include "catalog/metadata.h"
#include "cluster/connection_options.h"
#include "cluster/remote_error.h"
#include "cluster/replies.h"
#include "cluster/settings.h"
#include "cluster/tickets.h"
#include "cluster/wait_loop.h"
#include "postgres/entry.h"

extern "C" {
#include <access/xact.h>
#include <common/hashfn.h>
#include <miscadmin.h>
#include <storage/fd.h>
#include <storage/ipc.h>
#include <sys/socket.h>
#include <utils/builtins.h>
#include <utils/inval.h>
#include <utils/syscache.h>
}

namespace herd::cluster {

namespace {

Connection* connections;  // all of this backend
bool exit_registered = false;
bool used_in_transaction;  // some connection

TimestampTz DeadlineIn(int milliseconds) { return TimestampTzPlusMilliseconds(GetCurrentTimestamp(), milliseconds); }

// Opens step by step; false at the deadline or when it failed. The PGconn is the caller's.
bool Open(PGconn* pg, TimestampTz deadline, Interrupts interrupts) {
    if (PQstatus(pg) == CONNECTION_BAD) return false;
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    while (status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING) {
        uint32 events = status == PGRES_POLLING_READING ? WL_SOCKET_READABLE : WL_SOCKET_WRITEABLE;
        if (WaitForOpening(pg, events, deadline, interrupts) == 0) return false;
        status = PQconnectPoll(pg);
    }
    return status == PGRES_POLLING_OK;
}

[[noreturn]] void RaiseNotOpened(Connection* connection, bool timed_out) {
    char* reason = timed_out ? psprintf("The node did not answer within %d ms.", connect_timeout)
                             : pchomp(connection->pg == nullptr ? "out of memory" : PQerrorMessage(connection->pg));
    char* name = pstrdup(connection->node_name);
    CloseConnection(connection);
    ereport(ERROR, (errcode(ERRCODE_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION),
                    errmsg("could not connect to node \"%s\"", name), errdetail_internal("%s", reason),
                    timed_out ? errhint("The setting herd.connect_timeout says how long to wait.") : 0));
    pg_unreachable();
}

void CloseAllAtExit(int, Datum) {
    for (Connection* connection = connections; connection != nullptr; connection = connection->next)
        if (connection->pg != nullptr) PQfinish(connection->pg);
    connections = nullptr;
}

void RegisterExit() {
    if (exit_registered) return;
    on_shmem_exit(CloseAllAtExit, 0);
    exit_registered = true;
}

Connection* MakeConnection(const catalog::NodeInfo* node, int slot) {
    MemoryContext context = AllocSetContextCreate(TopMemoryContext, "herd connection", ALLOCSET_SMALL_SIZES);
    auto* connection = static_cast<Connection*>(MemoryContextAllocZero(context, sizeof(Connection)));
    connection->context = context;
    connection->node = node->id;
    connection->slot = slot;
    connection->prepared.context = context;
    strlcpy(connection->node_name, node->name, NAMEDATALEN);
    connection->next = connections;
    connections = connection;
    return connection;
}

void ReadOptions(Connection* connection, Oid server) {
    ConnectionOptions options = ReadConnectionOptions(server, connection->node_name, connection->context);
    NoteStartSettings(&connection->settings, connection->context);
    connection->keywords = options.keywords;
    connection->values = options.values;
    connection->server_hash = options.server_hash;
    connection->mapping_hash = options.mapping_hash;
    connection->stale = IsRegistering();
}

// Who connects where and how, but not which session does.
uint32 HashOptions(const Connection* connection) {
    uint32 hash = 0;
    for (int i = 0; connection->keywords[i] != nullptr; i++) {
        const char* keyword = connection->keywords[i];
        const char* value = connection->values[i];
        if (strcmp(keyword, "application_name") == 0 || strcmp(keyword, "options") == 0) continue;
        hash = hash_combine(hash, string_hash(keyword, strlen(keyword) + 1));
        hash = hash_combine(hash, string_hash(value, strlen(value) + 1));
    }
    return hash;
}

void NoteConnected(Connection* connection) {
    connection->connected = true;
    NoteOpened(connection->node);
}

// The Connection is in the list already: if an interrupt raises, the end of the transaction closes it.
Connection* OpenConnection(const catalog::NodeInfo* node, int slot, bool private_use) {
    RegisterExit();
    Connection* connection = MakeConnection(node, slot);
    connection->private_use = private_use;
    connection->in_use = true;
    ReadOptions(connection, node->server);
    if (!AcquireExternalFD())
        ereport(ERROR, (errcode_for_file_access(),
                        errmsg("could not connect to node \"%s\": too many open files", connection->node_name)));
    connection->holds_descriptor = true;
    connection->pg = PQconnectStartParams(connection->keywords, connection->values, 0);
    if (connection->pg == nullptr) RaiseNotOpened(connection, false);
    CollectNotices(connection);
    TimestampTz deadline = DeadlineIn(connect_timeout);
    if (!Open(connection->pg, deadline, Interrupts::kServe))
        RaiseNotOpened(connection, PQstatus(connection->pg) != CONNECTION_BAD);
    PQsetnonblocking(connection->pg, 1);
    NoteConnected(connection);
    return connection;
}

const catalog::NodeInfo* GetRemoteNode(NodeId id) {
    const catalog::NodeInfo* node = catalog::GetNode(id);
    if (node->id == kOwnNode || !OidIsValid(node->server)) elog(ERROR, "node \"%s\" is this server itself", node->name);
    return node;
}

// A connection used so lately is taken to live: looking costs a system call.
constexpr TimestampTz kFreshMicroseconds = 20 * 1000;

bool IsFresh(const Connection* connection) {
    return GetCurrentStatementStartTimestamp() - connection->last_use < kFreshMicroseconds;
}

// An idle connection has nothing to read. If it has, it is mostly the end of it, behind the node's last words.
bool IsIdleBroken(Connection* connection) {
    for (;;) {
        char byte;
        ssize_t count = recv(PQsocket(connection->pg), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return false;
        if (count <= 0 || PQconsumeInput(connection->pg) != 1 || PQisBusy(connection->pg) != 0) return true;
    }
}

Connection* FindConnection(NodeId node, int slot) {
    for (Connection* connection = connections; connection != nullptr; connection = connection->next)
        if (connection->node == node && connection->slot == slot && !connection->private_use) return connection;
    return nullptr;
}

void Unlink(Connection* connection) {
    Connection** link = &connections;
    while (*link != connection) link = &(*link)->next;
    *link = connection->next;
}

bool IsUsable(Connection* connection) {
    return connection->connected && !connection->stale && !IsBroken(connection) &&
           (IsFresh(connection) || !IsIdleBroken(connection));
}

// ---- connections of other sessions ----

const catalog::NodeInfo* FindNode(NodeId id) {
    int count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&count);
    for (int i = 0; i < count; i++)
        if (nodes[i]->id == id) return nodes[i];
    return nullptr;
}

void Adopt(const Parcel& parcel, PGconn* pg) {
    const catalog::NodeInfo* node = FindNode(parcel.node);
    if (node == nullptr || !OidIsValid(node->server) || FindConnection(parcel.node, 0) != nullptr ||
        !AcquireExternalFD()) {
        PQfinish(pg);
        return;
    }
    Connection* connection = MakeConnection(node, 0);
    connection->holds_descriptor = true;
    connection->pg = pg;
    connection->adopted = true;
    ReadOptions(connection, node->server);
    CollectNotices(connection);
    NoteConnected(connection);
    if (HashOptions(connection) != parcel.options_hash || IsIdleBroken(connection)) CloseConnection(connection);
}

void AdoptConnections() {
    RegisterExit();
    Parcel parcel;
    while (PGconn* pg = ReceiveConnection(&parcel)) Adopt(parcel, pg);
}

// The settings and prepared statements of the session that had the connection, and its name.
void ClearAdopted(Connection* connection) {
    connection->adopted = false;
    ForgetSettings(&connection->settings);
    char* name = nullptr;
    for (int i = 0; connection->keywords[i] != nullptr; i++)
        if (strcmp(connection->keywords[i], "application_name") == 0)
            name = psprintf("SET application_name = %s", quote_literal_cstr(connection->values[i]));
    for (const char* sql : {"RESET ALL", "DEALLOCATE ALL", const_cast<const char*>(name)})
        if (!QueueControl(connection, sql, nullptr)) return;
    QueueSync(connection, kNoDeadline);
}

bool IsIdle(const Connection* connection) {
    return connection->connected && !connection->stale && !connection->in_use && !IsBroken(connection);
}

// Told under a lock: nothing here allocates.
void GiveConnections(const MailboxAddress* receiver) {
    Connection* next;
    Parcel unwanted;
    while (PGconn* pg = ReceiveConnection(&unwanted)) PQfinish(pg);
    for (Connection* connection = connections; connection != nullptr; connection = next) {
        next = connection->next;
        if (receiver != nullptr && IsIdle(connection))
            SendConnection(receiver, {connection->node, HashOptions(connection)}, connection->pg);
        CloseConnection(connection);
    }
}

bool MustReopen() {
    for (Connection* connection = connections; connection != nullptr; connection = connection->next)
        if (!IsBroken(connection) && !CanSend(connection->pg)) return true;
    return false;
}

void CloseFurther() {
    Connection* next;
    for (Connection* connection = connections; connection != nullptr; connection = next) {
        next = connection->next;
        if (connection->slot > 0) CloseConnection(connection);
    }
}

void PassConnections() {
    bool used = used_in_transaction;
    used_in_transaction = false;
    if (!AreTicketsWanted()) return;
    CloseFurther();
    ReturnFurtherTickets();
    if (!used || IsTimeSliceOver(MustReopen())) PassTicket(GiveConnections);
}

}  // namespace

int FreeSlot(int slot) {
    while (TicketCount() > 0 && TicketCount() <= slot && TryTakeTicket()) {
    }
    return Max(0, Min(slot, TicketCount() - 1));
}

Connection* GetConnection(NodeId node, int slot) {
    Connection* connection = FindConnection(node, slot);
    if (connection != nullptr && connection->in_use && connection->connected) return connection;
    if (connection != nullptr && !IsUsable(connection)) {
        CloseConnection(connection);
        connection = nullptr;
    }
    if (connection == nullptr && slot == 0) {
        if (TicketCount() == 0) AwaitTicket();
        AdoptConnections();
        connection = FindConnection(node, slot);
    }
    if (connection == nullptr) connection = OpenConnection(GetRemoteNode(node), slot, false);
    connection->in_use = used_in_transaction = true;
    connection->last_use = GetCurrentStatementStartTimestamp();
    NoteTicketUse();
    if (connection->adopted) ClearAdopted(connection);
    return connection;
}

Connection* OpenPrivateConnection(NodeId node) { return OpenConnection(GetRemoteNode(node), 0, true); }

void CloseConnection(Connection* connection) {
    bool quiet = connection->quiet;
    connection->quiet = true;
    MarkLost(connection);
    connection->quiet = quiet;
    ForgetWaitSet();
    if (connection->wait_set != nullptr) FreeWaitEventSet(connection->wait_set);
    if (connection->pg != nullptr) PQfinish(connection->pg);
    if (connection->holds_descriptor) ReleaseExternalFD();
    if (connection->connected) NoteClosed(connection->node);
    Unlink(connection);
    MemoryContextDelete(connection->context);
}

void ReleaseConnections() {
    Connection* next;
    for (Connection* connection = connections; connection != nullptr; connection = next) {
        next = connection->next;
        if (!connection->connected || connection->private_use || connection->stale || IsBroken(connection) ||
            connection->reply_count > 0 || connection->copy_in) {
            CloseConnection(connection);
            continue;
        }
        if (connection->settings_sent_in_transaction) KeepSettingsOfTransaction(&connection->settings);
        connection->in_use = connection->quiet = connection->failed = false;
        connection->settings_sent_in_transaction = false;
        connection->error = nullptr;
        connection->work = nullptr;
    }
    PassConnections();
}

namespace {

bool RunCancel(PGconn* pg, int pid, TimestampTz deadline) {
    char sql[64];
    snprintf(sql, sizeof(sql), "SELECT pg_catalog.pg_cancel_backend(%d)", pid);
    if (!Open(pg, deadline, Interrupts::kHold) || PQsendQuery(pg, sql) == 0) return false;
    while (PQisBusy(pg) != 0) {
        if (WaitForOpening(pg, WL_SOCKET_READABLE, deadline, Interrupts::kHold) == 0) return false;
        if (PQconsumeInput(pg) != 1) return false;
    }
    PGresult* result = PQgetResult(pg);
    bool canceled = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1 &&
                    strcmp(PQgetvalue(result, 0, 0), "t") == 0;
    PQclear(result);
    return canceled;
}

}  // namespace

bool CancelStatement(Connection* connection, TimestampTz deadline) {
    if (IsBroken(connection)) return false;
    PGconn* pg = PQconnectStartParams(connection->keywords, connection->values, 0);
    bool canceled = pg != nullptr && RunCancel(pg, PQbackendPID(connection->pg), deadline);
    PQfinish(pg);
    return canceled;
}

bool IsAnswering(const Connection* connection) {
    PGconn* pg = PQconnectStartParams(connection->keywords, connection->values, 0);
    bool answers = pg != nullptr && Open(pg, DeadlineIn(connect_timeout), Interrupts::kHold);
    PQfinish(pg);
    return answers;
}

extern "C" {

static void HerdServerChanged(Datum, int cache, uint32 hash) {
    for (Connection* connection = connections; connection != nullptr; connection = connection->next) {
        uint32 own = cache == FOREIGNSERVEROID ? connection->server_hash : connection->mapping_hash;
        if (hash == 0 || hash == own) connection->stale = true;
    }
}
}

void RegisterConnectionCallbacks() {
    CacheRegisterSyscacheCallback(FOREIGNSERVEROID, HerdServerChanged, 0);
    CacheRegisterSyscacheCallback(USERMAPPINGOID, HerdServerChanged, 0);
}

}  // namespace herd::cluster
