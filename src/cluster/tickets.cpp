#include "cluster/tickets.h"

#include "cluster/settings.h"
#include "cluster/ticket_queue.h"

extern "C" {
#include <miscadmin.h>
#include <storage/backendid.h>
#include <storage/latch.h>
#include <storage/proc.h>
#include <utils/array.h>
#include <utils/builtins.h>
#include <utils/wait_event.h>
}

namespace herd::cluster {

namespace {

constexpr int kSleepMilliseconds = 500;
// A session whose transactions take long for want of processors keeps its ticket for up to so many slices, until it has had so many
// uses of it: handing over, and a session that wakes up with cold caches, cost as much as some twenty short transactions.
constexpr int kMaxSlices = 8;
constexpr uint32 kWorthwhileUses = 200;
// Opening a connection anew instead of handing it over costs so much more.
constexpr int kReopenFactor = 20;

TimestampTz taken_at;
uint32 uses_before;  // then

bool IsTickDue() {
    TimestampTz now = GetCurrentTimestamp();
    if (now < TimestampTzPlusMilliseconds(SharedTickets()->last_tick, kTickMilliseconds)) return false;
    SharedTickets()->last_tick = now;
    return true;
}

bool TryOrEnqueue() {
    LWLockAcquire(TicketLock(), LW_EXCLUSIVE);
    bool taken = TakeOrEnqueue(own_session);
    if (!taken && IsFirstInQueue(own_session) && IsTickDue()) InterruptIdleSessions();
    LWLockRelease(TicketLock());
    return taken;
}

void LeaveQueue() {
    LWLockAcquire(TicketLock(), LW_EXCLUSIVE);
    if (own_session->turn == Turn::kWaiting) LeaveTicketQueue(own_session);
    LWLockRelease(TicketLock());
}

[[noreturn]] void RaiseNoTicket() {
    ereport(ERROR,
            (errcode(ERRCODE_TOO_MANY_CONNECTIONS),
             errmsg("no connection to the nodes became free within %d ms", connection_queue_timeout),
             errdetail("The sessions of this server use all %d connections to each node.", max_connections_per_node),
             errhint("See the view herd.connections, and the settings herd.max_connections_per_node and "
                     "herd.connection_queue_timeout. Sessions that are idle in a transaction keep theirs.")));
    pg_unreachable();
}

// Nobody may wait for a ticket who is about to be told to stop.
void ServeInterrupts() {
    ResetLatch(MyLatch);
    if (QueryCancelPending || ProcDiePending) LeaveQueue();
    CHECK_FOR_INTERRUPTS();
}

long MillisecondsToSleep(TimestampTz started) {
    long limit = SharedTickets()->first == MyBackendId - 1 ? kTickMilliseconds : kSleepMilliseconds;
    if (connection_queue_timeout == 0) return limit;
    TimestampTz deadline = TimestampTzPlusMilliseconds(started, connection_queue_timeout);
    return Min(limit, TimestampDifferenceMilliseconds(GetCurrentTimestamp(), deadline));
}

void PublishMailbox() {
    MailboxAddress address;
    if (own_session->mailbox.length > 0 || !OpenMailbox(&address)) return;
    LWLockAcquire(TicketLock(), LW_EXCLUSIVE);
    own_session->mailbox = address;
    LWLockRelease(TicketLock());
}

// Does some session wait for a lock of ours? It, or whom it keeps waiting, may hold the ticket that we wait for.
bool IsWaitedFor() {
    for (uint32 i = 0; i < ProcGlobal->allProcCount; i++) {
        const PGPROC& process = ProcGlobal->allProcs[i];
        if (process.pid == 0 || process.waitStatus != PROC_WAIT_STATUS_WAITING) continue;
        Datum pids = DirectFunctionCall1(pg_blocking_pids, Int32GetDatum(process.pid));
        ArrayType* blockers = DatumGetArrayTypeP(pids);
        int count = ArrayGetNItems(ARR_NDIM(blockers), ARR_DIMS(blockers));
        for (int b = 0; b < count; b++)
            if (reinterpret_cast<int32*>(ARR_DATA_PTR(blockers))[b] == MyProcPid) return true;
    }
    return false;
}

void TakeBeyondLimit() {
    LWLockAcquire(TicketLock(), LW_EXCLUSIVE);
    if (own_session->turn == Turn::kWaiting) LeaveTicketQueue(own_session);
    if (own_session->tickets == 0) {
        SharedTickets()->taken++;
        own_session->tickets = 1;
    }
    LWLockRelease(TicketLock());
}

// As the deadlock detector does, it looks once, after deadlock_timeout, and then again from time to time.
bool IsLookDue(TimestampTz* last) {
    TimestampTz now = GetCurrentTimestamp();
    if (now < TimestampTzPlusMilliseconds(*last, DeadlockTimeout)) return false;
    *last = now;
    return true;
}

void AwaitTurn() {
    PublishMailbox();
    TimestampTz started = GetCurrentTimestamp();
    TimestampTz last_look = started;
    while (!TryOrEnqueue()) {
        if (IsLookDue(&last_look) && IsWaitedFor()) TakeBeyondLimit();
        long timeout = MillisecondsToSleep(started);
        if (timeout <= 0) {
            LeaveQueue();
            if (own_session->tickets == 0) RaiseNoTicket();
        }
        if (own_session->turn == Turn::kWaiting)
            WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, timeout, PG_WAIT_EXTENSION);
        ServeInterrupts();
    }
}

}  // namespace

void RegisterTickets() { RegisterTicketMemory(); }

int TicketCount() { return own_session == nullptr ? 0 : own_session->tickets; }

void AwaitTicket() {
    if (!TryTakeTicket()) AwaitTurn();
    taken_at = GetCurrentTimestamp();
    uses_before = own_session->uses;
}

bool TryTakeTicket() {
    OwnSession();
    LWLockAcquire(TicketLock(), LW_EXCLUSIVE);
    bool free = SharedTickets()->first == kNobody && SharedTickets()->taken < max_connections_per_node;
    if (free) {
        SharedTickets()->taken++;
        own_session->tickets++;
    }
    LWLockRelease(TicketLock());
    return free;
}

void NoteTicketUse() { own_session->uses = own_session->uses + 1; }

bool AreTicketsWanted() {
    if (own_session == nullptr) return false;
    // An error ended the waiting.
    if (own_session->turn == Turn::kWaiting) LeaveQueue();
    return own_session->tickets > 0 && pg_atomic_read_u32(&SharedTickets()->waiting) > 0;
}

bool IsTimeSliceOver(bool reopening) {
    int factor = reopening ? kReopenFactor : own_session->uses - uses_before < kWorthwhileUses ? kMaxSlices : 1;
    return GetCurrentTimestamp() >=
           TimestampTzPlusMilliseconds(taken_at, static_cast<int64>(connection_time_slice) * factor);
}

void ReturnFurtherTickets() {
    if (own_session->tickets <= 1) return;
    LWLockAcquire(TicketLock(), LW_EXCLUSIVE);
    GiveBackTickets(own_session->tickets - 1);
    own_session->tickets = 1;
    LWLockRelease(TicketLock());
}

void PassTicket(void (*give)(const MailboxAddress* receiver)) {
    Tickets* tickets = SharedTickets();
    LWLockAcquire(TicketLock(), LW_EXCLUSIVE);
    if (tickets->first != kNobody) {
        const Session& receiver = tickets->sessions[tickets->first];
        bool useful = receiver.database == MyDatabaseId && receiver.mailbox.length > 0 &&
                      tickets->taken <= max_connections_per_node;
        give(useful ? &receiver.mailbox : nullptr);
        own_session->tickets = 0;
        own_session->turn = Turn::kNone;
        GiveBackTickets(1);
    }
    LWLockRelease(TicketLock());
}

void ReturnAllTickets() {
    if (own_session == nullptr) return;
    LWLockAcquire(TicketLock(), LW_EXCLUSIVE);
    if (own_session->turn == Turn::kWaiting) LeaveTicketQueue(own_session);
    GiveBackTickets(own_session->tickets);
    memset(static_cast<void*>(own_session), 0, sizeof(Session));
    LWLockRelease(TicketLock());
    own_session = nullptr;
}

}  // namespace herd::cluster
