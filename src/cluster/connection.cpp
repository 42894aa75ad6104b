#include "cluster/connection_list.h"
#include "cluster/connection_options.h"
#include "cluster/remote_error.h"
#include "cluster/replies.h"
#include "cluster/settings.h"
#include "cluster/tickets.h"

extern "C" {
#include <access/xact.h>
#include <miscadmin.h>
#include <storage/fd.h>
#include <storage/ipc.h>
#include <sys/socket.h>
#include <utils/inval.h>
#include <utils/syscache.h>
}

namespace herd::cluster {

Connection* first_connection;

namespace {

bool exit_registered = false;
bool used_in_transaction;  // some connection

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
    for (Connection* connection = first_connection; connection != nullptr; connection = connection->next)
        if (connection->pg != nullptr) PQfinish(connection->pg);
    first_connection = nullptr;
}

}  // namespace

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
    connection->next = first_connection;
    first_connection = connection;
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

void NoteConnected(Connection* connection) {
    connection->connected = true;
    NoteOpened(connection->node);
}

namespace {

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
    if (!OpenBySteps(connection->pg, deadline, Interrupts::kServe))
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

}  // namespace

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
    for (Connection* connection = first_connection; connection != nullptr; connection = connection->next)
        if (connection->node == node && connection->slot == slot && !connection->private_use) return connection;
    return nullptr;
}

namespace {

void Unlink(Connection* connection) {
    Connection** link = &first_connection;
    while (*link != connection) link = &(*link)->next;
    *link = connection->next;
}

bool IsUsable(Connection* connection) {
    return connection->connected && !connection->stale && !IsBroken(connection) &&
           (IsFresh(connection) || !IsIdleBroken(connection));
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
    for (Connection* connection = first_connection; connection != nullptr; connection = next) {
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
    bool used = used_in_transaction;
    used_in_transaction = false;
    PassConnections(used);
}

extern "C" {

static void HerdServerChanged(Datum, int cache, uint32 hash) {
    for (Connection* connection = first_connection; connection != nullptr; connection = connection->next) {
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
