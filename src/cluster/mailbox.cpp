#include "cluster/mailbox.h"

extern "C" {
#include <fcntl.h>
#include <miscadmin.h>
#include <port/pg_bswap.h>
#include <storage/fd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
}

namespace herd::cluster {

namespace {

constexpr int kNone = -1;
constexpr int kMaxHandshake = 1024;
constexpr uint32 kMagic = 0x48455245;

int mailbox = kNone;
MailboxAddress own_address;
int listener = kNone;  // where libpq connects to
char listener_host[sizeof(MailboxAddress::name)];

// What travels next to the descriptor: the messages with which a node greets a session.
struct Letter {
    uint32 magic;
    int length;
    char handshake[kMaxHandshake];
    Parcel parcel;
};

size_t SizeOf(const Letter& letter) {
    return offsetof(Letter, parcel) + offsetof(Parcel, prepared) +
           Max(letter.parcel.prepared_count, 0) * sizeof(PreparedId);
}

// ---- sockets ----

int MakeSocket(int type) { return socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }

socklen_t FillAddress(sockaddr_un* address, const char* name, int length) {
    memset(address, 0, sizeof(*address));
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path + 1, name, length);
    return offsetof(sockaddr_un, sun_path) + 1 + length;
}

// Abstract names are open to every local user: who sends or connects is checked.
bool BindTo(int socket, const char* name) {
    sockaddr_un address;
    socklen_t length = FillAddress(&address, name, static_cast<int>(strlen(name)));
    return bind(socket, reinterpret_cast<sockaddr*>(&address), length) == 0;
}

void CloseSocket(int* socket) {
    if (*socket == kNone) return;
    close(*socket);
    *socket = kNone;
    ReleaseExternalFD();
}

bool MakeMailbox() {
    int yes = 1;
    if (!AcquireExternalFD()) return false;
    mailbox = MakeSocket(SOCK_DGRAM);
    if (mailbox == kNone) ReleaseExternalFD();
    snprintf(own_address.name, sizeof(own_address.name), "herd-box-%d-%08x", MyProcPid,
             static_cast<uint32>(MyStartTimestamp));
    own_address.length = static_cast<int>(strlen(own_address.name));
    if (mailbox != kNone && BindTo(mailbox, own_address.name) &&
        setsockopt(mailbox, SOL_SOCKET, SO_PASSCRED, &yes, sizeof(yes)) == 0)
        return true;
    CloseSocket(&mailbox);
    return false;
}

bool MakeListener() {
    char name[sizeof(listener_host) + 16];
    if (!AcquireExternalFD()) return false;
    listener = MakeSocket(SOCK_STREAM);
    if (listener == kNone) ReleaseExternalFD();
    snprintf(listener_host, sizeof(listener_host), "@herd-%d-%08x", MyProcPid, static_cast<uint32>(MyStartTimestamp));
    // As libpq composes it from host and port.
    snprintf(name, sizeof(name), "%s/.s.PGSQL.1", listener_host + 1);
    if (listener != kNone && BindTo(listener, name) && listen(listener, 1) == 0) return true;
    CloseSocket(&listener);
    return false;
}

// ---- the node's greeting ----

struct Writer {
    char* data;
    int length;
    bool full;
};

void Put(Writer* writer, const void* data, size_t size) {
    if (writer->length + size > kMaxHandshake) writer->full = true;
    if (writer->full) return;
    memcpy(writer->data + writer->length, data, size);
    writer->length += static_cast<int>(size);
}

void PutInt(Writer* writer, uint32 value) {
    uint32 wire = pg_hton32(value);
    Put(writer, &wire, sizeof(wire));
}

void PutMessage(Writer* writer, char type, size_t size) {
    Put(writer, &type, 1);
    PutInt(writer, static_cast<uint32>(size + sizeof(uint32)));
}

void PutParameter(Writer* writer, PGconn* pg, const char* name) {
    const char* value = PQparameterStatus(pg, name);
    if (value == nullptr) return;
    PutMessage(writer, 'S', strlen(name) + strlen(value) + 2);
    Put(writer, name, strlen(name) + 1);
    Put(writer, value, strlen(value) + 1);
}

bool WriteHandshake(PGconn* pg, Letter* letter) {
    Writer writer{letter->handshake, 0, false};
    PutMessage(&writer, 'R', sizeof(uint32));
    PutInt(&writer, 0);
    for (const char* name : {"server_version", "server_encoding", "client_encoding", "integer_datetimes",
                             "standard_conforming_strings", "is_superuser", "session_authorization"})
        PutParameter(&writer, pg, name);
    PutMessage(&writer, 'K', 2 * sizeof(uint32));
    PutInt(&writer, static_cast<uint32>(PQbackendPID(pg)));
    PutInt(&writer, 0);
    PutMessage(&writer, 'Z', 1);
    Put(&writer, "I", 1);
    letter->length = writer.length;
    return !writer.full;
}

// Puts the other socket in the place of libpq's.
bool Replace(PGconn* pg, int other) { return dup3(other, PQsocket(pg), O_CLOEXEC) != kNone; }

// ---- letters ----

union ControlBuffer {
    cmsghdr header;
    char data[CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(ucred))];
};

bool Send(const MailboxAddress* to, Letter* letter, int descriptor) {
    sockaddr_un address;
    ControlBuffer control{};
    iovec data{letter, SizeOf(*letter)};
    msghdr message{};
    message.msg_name = &address;
    message.msg_namelen = FillAddress(&address, to->name, to->length);
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.data;
    message.msg_controllen = CMSG_SPACE(sizeof(int));
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
    return sendmsg(mailbox, &message, MSG_DONTWAIT | MSG_NOSIGNAL) > 0;
}

bool IsWellFormed(const Letter& letter, size_t size) {
    constexpr size_t kLeast = offsetof(Letter, parcel) + offsetof(Parcel, prepared);
    return size >= kLeast && letter.magic == kMagic && letter.length >= 0 && letter.length <= kMaxHandshake &&
           letter.parcel.settings_length <= Parcel::kSettingsSize &&
           letter.parcel.prepared_count <= Parcel::kMaxPrepared && size == SizeOf(letter);
}

// False at the end. The descriptor is kNone if the letter is not one of ours.
bool TakeLetter(Letter* letter, int* descriptor) {
    ControlBuffer control{};
    iovec data{letter, sizeof(Letter)};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.data;
    message.msg_controllen = sizeof(control.data);
    ssize_t size = recvmsg(mailbox, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    *descriptor = kNone;
    if (size < 0) return false;
    bool from_us = false;
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
        ucred sender;
        if (header->cmsg_level != SOL_SOCKET) continue;
        if (header->cmsg_type == SCM_RIGHTS) memcpy(descriptor, CMSG_DATA(header), sizeof(int));
        if (header->cmsg_type != SCM_CREDENTIALS) continue;
        memcpy(&sender, CMSG_DATA(header), sizeof(sender));
        from_us = sender.uid == geteuid();
    }
    if (*descriptor != kNone && (!from_us || !IsWellFormed(*letter, size))) {
        close(*descriptor);
        *descriptor = kNone;
    }
    return true;
}

// ---- libpq at the other end ----

// Our own end of the connection that libpq has just made to the listener.
int AcceptOwn() {
    int accepted = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    ucred peer;
    socklen_t size = sizeof(peer);
    if (accepted == kNone) return kNone;
    if (getsockopt(accepted, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid == MyProcPid) return accepted;
    close(accepted);
    return kNone;
}

bool Greet(PGconn* pg, const Letter& letter) {
    int node_end = AcceptOwn();
    if (node_end == kNone) return false;
    bool sent = write(node_end, letter.handshake, letter.length) == letter.length;
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    for (int step = 0; sent && step < 20; step++) {
        status = PQconnectPoll(pg);
        if (status == PGRES_POLLING_OK || status == PGRES_POLLING_FAILED) break;
    }
    close(node_end);
    return status == PGRES_POLLING_OK;
}

PGconn* Pretend(const Letter& letter, int descriptor) {
    static const char* const keywords[] = {"host",    "port",       "user",     "dbname",
                                           "sslmode", "gssencmode", "password", nullptr};
    const char* const values[] = {listener_host, "1", "herd", "herd", "disable", "disable", "none", nullptr};
    if (listener == kNone && !MakeListener()) return nullptr;
    PGconn* pg = PQconnectStartParams(keywords, values, 0);
    if (pg != nullptr && PQstatus(pg) != CONNECTION_BAD && Greet(pg, letter) && Replace(pg, descriptor)) {
        PQsetnonblocking(pg, 1);
        return pg;
    }
    PQfinish(pg);
    return nullptr;
}

}  // namespace

bool OpenMailbox(MailboxAddress* address) {
    if (mailbox == kNone && !MakeMailbox()) return false;
    *address = own_address;
    return true;
}

bool CanSend(PGconn* pg) {
    return PQsslInUse(pg) == 0 && PQtransactionStatus(pg) == PQTRANS_IDLE && PQgssEncInUse(pg) == 0;
}

bool SendConnection(const MailboxAddress* to, const Parcel& parcel, PGconn* pg) {
    MailboxAddress own;
    Letter letter;
    letter.magic = kMagic;
    letter.parcel = parcel;
    if (!CanSend(pg) || !OpenMailbox(&own) || !WriteHandshake(pg, &letter)) return false;
    // Where libpq will write its farewell.
    int nowhere = MakeSocket(SOCK_STREAM);
    if (nowhere == kNone) return false;
    bool sent = Send(to, &letter, PQsocket(pg)) && Replace(pg, nowhere);
    close(nowhere);
    return sent;
}

PGconn* ReceiveConnection(Parcel* parcel) {
    Letter letter;
    int descriptor;
    while (mailbox != kNone && TakeLetter(&letter, &descriptor)) {
        if (descriptor == kNone) continue;
        PGconn* pg = Pretend(letter, descriptor);
        close(descriptor);
        *parcel = letter.parcel;
        if (pg != nullptr) return pg;
    }
    return nullptr;
}

}  // namespace herd::cluster
