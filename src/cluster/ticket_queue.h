// The tickets in shared memory, and the queue for them. Internal to this module; tickets.h is what others use.
#pragma once

#include "cluster/mailbox.h"
#include "cluster/tickets.h"

extern "C" {
#include <port/atomics.h>
#include <storage/lwlock.h>
#include <utils/timestamp.h>
}

namespace herd::cluster {

inline constexpr int kNobody = -1;
inline constexpr int kMaxShownNodes = 64;
inline constexpr int kTickMilliseconds = 20;  // of the first in the queue

enum class Turn : uint8 { kNone, kWaiting, kGranted };

struct Session {
    int pid;
    int process;  // index of its PGPROC
    Oid database;
    int tickets;
    volatile Turn turn;
    int next;  // in the queue
    MailboxAddress mailbox;
    volatile uint32 uses;  // written by the session alone, without a lock
    uint32 seen_uses;      // by the first in the queue
    int idle_ticks;        // likewise
    uint8 open[kMaxShownNodes];
};

struct ShownNode {
    Oid database;  // invalid: free
    NodeId node;
};

// Under the lock, except as said.
struct Tickets {
    pg_atomic_uint32 waiting;  // read without the lock
    int taken;
    int first;
    int last;
    TimestampTz last_tick;  // when idle sessions were looked for
    ShownNode nodes[kMaxShownNodes];
    Session sessions[FLEXIBLE_ARRAY_MEMBER];  // by backend id
};

// This session's, once it has asked for a ticket; else null.
extern Session* own_session;

void RegisterTicketMemory();
bool IsTicketMemoryThere();
Tickets* SharedTickets();
LWLock* TicketLock();
// Makes own_session if there is none yet.
Session* OwnSession();
bool HasTransaction(const Session& session);

// ---- under the lock ----

// True if the ticket is here; else this session is in the queue.
bool TakeOrEnqueue(Session* session);
void LeaveTicketQueue(Session* session);
// Counts tickets as free and grants them to those who wait longest.
void GiveBackTickets(int count);
bool IsFirstInQueue(const Session* session);
// Interrupts sessions that hold tickets and have been idle for some calls: as PostgreSQL has them look after cache invalidations, they
// begin and end a transaction, where they pass their tickets on.
void InterruptIdleSessions();

}  // namespace herd::cluster
