// Waiting for sockets while the backend's latch is served.
#pragma once

#include "cluster/connection.h"

namespace herd::cluster {

enum class Interrupts : bool { kHold, kServe };

inline constexpr TimestampTz kNoDeadline = 0;

// Waits for WL_SOCKET_READABLE and/or WL_SOCKET_WRITEABLE; returns what happened, 0 at the deadline. With kServe a cancel
// raises; with kHold nothing but a failing system call does, and a session that is to end waits a second more at most.
uint32 WaitForSocket(Connection* connection, uint32 events, TimestampTz deadline, Interrupts interrupts);

// The same while the connection is being opened, when libpq may change its socket. A deadline that passes while the machine stands still
// does not count.
uint32 WaitForOpening(PGconn* pg, uint32 events, TimestampTz deadline, Interrupts interrupts);

// Waits until one of the connections is readable, and returns it.
Connection* WaitForConnections(Connection* const* connections, int count);

// Called while a wait that serves interrupts lasts: `noticed` each time deadlock_timeout has passed, `interrupted` whenever the latch was
// set, before interrupts are served. Both may raise.
struct WaitCallbacks {
    void (*noticed)();
    void (*interrupted)();
};
void SetWaitCallbacks(WaitCallbacks callbacks);

// What a set of connections was waited for with must be forgotten when one is closed.
void ForgetWaitSet();

}  // namespace herd::cluster
