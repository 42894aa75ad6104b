// Open connections go from one session to another, together with the ticket.
#include "cluster/connection_list.h"
#include "cluster/remote_error.h"
#include "cluster/replies.h"
#include "cluster/tickets.h"

extern "C" {
#include <common/hashfn.h>
#include <storage/fd.h>
#include <utils/builtins.h>
}

namespace herd::cluster {

namespace {

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

}  // namespace

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

namespace {

bool IsIdle(const Connection* connection) {
    return connection->connected && !connection->stale && !connection->in_use && !IsBroken(connection);
}

// Told under a lock: nothing here allocates.
void GiveConnections(const MailboxAddress* receiver) {
    Connection* next;
    Parcel unwanted;
    while (PGconn* pg = ReceiveConnection(&unwanted)) PQfinish(pg);
    for (Connection* connection = first_connection; connection != nullptr; connection = next) {
        next = connection->next;
        if (receiver != nullptr && IsIdle(connection))
            SendConnection(receiver, {connection->node, HashOptions(connection)}, connection->pg);
        CloseConnection(connection);
    }
}

bool MustReopen() {
    for (Connection* connection = first_connection; connection != nullptr; connection = connection->next)
        if (!IsBroken(connection) && !CanSend(connection->pg)) return true;
    return false;
}

void CloseFurther() {
    Connection* next;
    for (Connection* connection = first_connection; connection != nullptr; connection = next) {
        next = connection->next;
        if (connection->slot > 0) CloseConnection(connection);
    }
}

}  // namespace

void PassConnections(bool used) {
    if (!AreTicketsWanted()) return;
    CloseFurther();
    ReturnFurtherTickets();
    if (!used || IsTimeSliceOver(MustReopen())) PassTicket(GiveConnections);
}

}  // namespace herd::cluster
