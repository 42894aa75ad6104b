// Handing an open connection to another process of this server: the socket travels as a file descriptor, and libpq there is made to
// believe that it has just connected. No round trip to the node, no authentication: about a hundredth of what opening one costs.
//
// Not for encrypted connections, whose keys are in the old owner's memory. What the node's session remembers (settings,
// prepared statements) the new owner is told, or has to clear.
#pragma once

#include "postgres/pg.h"

#include "base/ids.h"
#include "cluster/prepared_statements.h"

extern "C" {
#include <libpq-fe.h>
}

namespace herd::cluster {

// An abstract Unix socket. Empty: none.
struct MailboxAddress {
    int length;
    char name[32];
};

// What travels with a connection. Only the part that is filled does.
struct Parcel {
    static constexpr int kSettingsSize = 2048;
    static constexpr int kMaxPrepared = 1000;
    NodeId node;
    uint32 options_hash;  // who connects where: both must agree
    uint32 series;        // of the prepared statements
    int settings_length;  // -1: what the node's session has is not known
    int prepared_count;   // likewise
    char settings[kSettingsSize];
    PreparedId prepared[kMaxPrepared];
};

// This process's own, made at the first call; false if that is impossible.
bool OpenMailbox(MailboxAddress* address);

bool CanSend(PGconn* pg);
// Sends an idle connection. If true, it is no longer this process's: PQfinish() does not disturb it. Never raises, never waits.
bool SendConnection(const MailboxAddress* to, const Parcel& parcel, PGconn* pg);
// Takes a connection that was sent; null if there is none (any more). It is non-blocking. Never raises, never waits.
PGconn* ReceiveConnection(Parcel* parcel);

}  // namespace herd::cluster
