// Open connections go from one session to another, together with the ticket.
#include "cluster/connection_list.h"
#include "cluster/remote_error.h"
#include "cluster/replies.h"
#include "cluster/settings.h"
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

void LearnSession(Connection* connection, const Parcel& parcel) {
    connection->settings_unknown = parcel.settings_length < 0;
    // More than this session may keep would never be deallocated one by one.
    connection->prepared_unknown =
        parcel.prepared_count < 0 || parcel.prepared_count > max_prepared_statements_per_connection;
    LoadSettings(&connection->settings, connection->context, parcel.settings, Max(parcel.settings_length, 0));
    if (connection->settings_unknown) ForgetSettings(&connection->settings);
    InheritPrepared(&connection->prepared, parcel.prepared, connection->prepared_unknown ? 0 : parcel.prepared_count,
                    parcel.series);
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
    LearnSession(connection, parcel);
    CollectNotices(connection);
    NoteConnected(connection);
    if (HashOptions(connection) != parcel.options_hash || IsIdleBroken(connection)) CloseConnection(connection);
}

char* SettingName(const Connection* connection) {
    for (int i = 0; connection->keywords[i] != nullptr; i++)
        if (strcmp(connection->keywords[i], "application_name") == 0)
            return psprintf("SET application_name = %s", quote_literal_cstr(connection->values[i]));
    return nullptr;
}

}  // namespace

void AdoptConnections() {
    RegisterExit();
    Parcel parcel;
    while (PGconn* pg = ReceiveConnection(&parcel)) Adopt(parcel, pg);
}

// The name of the session that had the connection, and what that one left there and could not tell.
void ClearAdopted(Connection* connection) {
    connection->adopted = false;
    if (connection->settings_unknown && !QueueControl(connection, "RESET ALL", nullptr)) return;
    if (connection->prepared_unknown && !QueueControl(connection, "DEALLOCATE ALL", nullptr)) return;
    if (!QueueControl(connection, SettingName(connection), nullptr)) return;
    // At once, not with the next statement, which may be one that custom settings don't travel with: another user's must not stay.
    char* own = MakeSettingsCommand(&connection->settings, connection->context, SettingsForm::kCall, false);
    if (own == nullptr || QueueControl(connection, own, nullptr)) QueueSync(connection, kNoDeadline);
}

namespace {

bool IsIdle(const Connection* connection) {
    return connection->connected && !connection->stale && !connection->in_use && !IsBroken(connection);
}

void Describe(const Connection* connection, Parcel* parcel) {
    parcel->node = connection->node;
    parcel->options_hash = HashOptions(connection);
    parcel->series = connection->prepared.series;
    if (connection->adopted ||
        !StoreSettings(&connection->settings, parcel->settings, Parcel::kSettingsSize, &parcel->settings_length))
        parcel->settings_length = -1;
    parcel->prepared_count =
        connection->adopted ? -1 : StorePrepared(&connection->prepared, parcel->prepared, Parcel::kMaxPrepared);
    // It will have none, and no name must come again.
    if (parcel->prepared_count < 0) parcel->series++;
}

// Told under a lock: nothing here allocates.
void GiveConnections(const MailboxAddress* receiver) {
    Connection* next;
    Parcel parcel;
    while (PGconn* pg = ReceiveConnection(&parcel)) PQfinish(pg);
    for (Connection* connection = first_connection; connection != nullptr; connection = next) {
        next = connection->next;
        if (receiver != nullptr && IsIdle(connection)) {
            Describe(connection, &parcel);
            SendConnection(receiver, parcel, connection->pg);
        }
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
