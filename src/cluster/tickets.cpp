#include "cluster/tickets.h"

#include "cluster/settings.h"
#include "postgres/shared_memory.h"

extern "C" {
#include <miscadmin.h>
#include <port/atomics.h>
#include <storage/ipc.h>
#include <storage/backendid.h>
#include <storage/latch.h>
#include <storage/proc.h>
#include <storage/procsignal.h>
#include <utils/array.h>
#include <utils/builtins.h>
#include <utils/timestamp.h>
#include <utils/wait_event.h>
}

namespace herd::cluster {

namespace {

constexpr int kNobody = -1;
constexpr int kMaxShownNodes = 64;
constexpr int kTickMilliseconds = 20;  // of the first in the queue
constexpr int kIdleTicks = 4;          // so long without work is idle; a busy machine makes clients pause too
constexpr int kSleepMilliseconds = 500;
// A session whose transactions take long for want of processors keeps its ticket for up to so many slices, until it has had so many
// uses of it: handing over costs as much as several short transactions.
constexpr int kMaxSlices = 5;
constexpr uint32 kWorthwhileUses = 40;
// Opening a connection anew instead of handing it over costs so much more.
constexpr int kReopenFactor = 20;

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

void* memory;
LWLockPadded* locks;

Session* self;
TimestampTz taken_at;
uint32 uses_before;  // then

Tickets* Shared() { return static_cast<Tickets*>(memory); }
LWLock* Lock() { return &locks[0].lock; }

Size MemorySize() { return offsetof(Tickets, sessions) + sizeof(Session) * MaxBackends; }

void Initialize(void* area) {
    auto* tickets = static_cast<Tickets*>(area);
    pg_atomic_init_u32(&tickets->waiting, 0);
    tickets->first = tickets->last = kNobody;
}

constexpr postgres::SharedArea kArea = {"herd_connections", MemorySize, 1, Initialize, &memory, &locks};

extern "C" void HerdReturnTickets(int, Datum) { ReturnAllTickets(); }

Session* Self() {
    if (self != nullptr) return self;
    Assert(MyBackendId >= 1 && MyBackendId <= MaxBackends);
    Session* session = &Shared()->sessions[MyBackendId - 1];
    LWLockAcquire(Lock(), LW_EXCLUSIVE);
    memset(static_cast<void*>(session), 0, sizeof(Session));
    session->pid = MyProcPid;
    session->process = MyProc->pgprocno;
    session->database = MyDatabaseId;
    session->next = kNobody;
    LWLockRelease(Lock());
    on_shmem_exit(HerdReturnTickets, 0);
    return self = session;
}

// ---- the queue; under the lock ----

void Wake(int index) {
    if (index != kNobody) SetLatch(&ProcGlobal->allProcs[Shared()->sessions[index].process].procLatch);
}

void Enqueue(Session* session) {
    Tickets* tickets = Shared();
    int index = static_cast<int>(session - tickets->sessions);
    session->turn = Turn::kWaiting;
    session->next = kNobody;
    if (tickets->last == kNobody)
        tickets->first = index;
    else
        tickets->sessions[tickets->last].next = index;
    tickets->last = index;
    pg_atomic_fetch_add_u32(&tickets->waiting, 1);
}

void Dequeue(Session* session) {
    Tickets* tickets = Shared();
    int before = kNobody;
    int index = tickets->first;
    while (&tickets->sessions[index] != session) {
        before = index;
        index = tickets->sessions[index].next;
    }
    if (before == kNobody)
        tickets->first = session->next;
    else
        tickets->sessions[before].next = session->next;
    if (tickets->last == index) tickets->last = before;
    session->next = kNobody;
    session->turn = Turn::kNone;
    pg_atomic_fetch_sub_u32(&tickets->waiting, 1);
    // Who is first has to look after idle sessions.
    if (before == kNobody) Wake(tickets->first);
}

// The ticket, already counted, is the session's. Its latch is set.
void Grant(Session* session) {
    Dequeue(session);
    session->tickets = 1;
    session->turn = Turn::kGranted;
    Wake(static_cast<int>(session - Shared()->sessions));
}

void GiveBack(int count) {
    Tickets* tickets = Shared();
    tickets->taken -= count;
    while (tickets->first != kNobody && tickets->taken < max_connections_per_node) {
        tickets->taken++;
        Grant(&tickets->sessions[tickets->first]);
    }
}

bool IsFirst(const Session* session) { return &Shared()->sessions[Shared()->first] == session; }

// True if the ticket is here; else this session is in the queue.
bool TakeOrEnqueue(Session* session) {
    Tickets* tickets = Shared();
    bool first = tickets->first == kNobody || (session->turn == Turn::kWaiting && IsFirst(session));
    if (session->tickets == 0 && first && tickets->taken < max_connections_per_node) {
        if (session->turn == Turn::kWaiting) Dequeue(session);
        tickets->taken++;
        session->tickets = 1;
    }
    if (session->tickets > 0) {
        session->turn = Turn::kNone;
        return true;
    }
    if (session->turn == Turn::kNone) Enqueue(session);
    return false;
}

bool HasTransaction(const Session& session) {
    return ProcGlobal->allProcs[session.process].lxid != InvalidLocalTransactionId;
}

// Interrupts sessions that hold tickets and have been idle for some calls: as PostgreSQL has them look after cache invalidations, they
// begin and end a transaction, where they pass their tickets on.
void InterruptIdle() {
    Tickets* tickets = Shared();
    uint32 wanted = pg_atomic_read_u32(&tickets->waiting);
    for (int i = 0; i < MaxBackends && wanted > 0; i++) {
        Session& session = tickets->sessions[i];
        if (session.tickets == 0 || &session == self) continue;
        bool idle = !HasTransaction(session) && session.uses == session.seen_uses;
        session.seen_uses = session.uses;
        session.idle_ticks = idle ? session.idle_ticks + 1 : 0;
        if (session.idle_ticks < kIdleTicks) continue;
        SendProcSignal(session.pid, PROCSIG_CATCHUP_INTERRUPT, i + 1);
        wanted--;
    }
}

// ---- waiting ----

bool IsTickDue() {
    TimestampTz now = GetCurrentTimestamp();
    if (now < TimestampTzPlusMilliseconds(Shared()->last_tick, kTickMilliseconds)) return false;
    Shared()->last_tick = now;
    return true;
}

bool TryOrEnqueue() {
    LWLockAcquire(Lock(), LW_EXCLUSIVE);
    bool taken = TakeOrEnqueue(self);
    if (!taken && IsFirst(self) && IsTickDue()) InterruptIdle();
    LWLockRelease(Lock());
    return taken;
}

void LeaveQueue() {
    LWLockAcquire(Lock(), LW_EXCLUSIVE);
    if (self->turn == Turn::kWaiting) Dequeue(self);
    LWLockRelease(Lock());
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
    long limit = Shared()->first == MyBackendId - 1 ? kTickMilliseconds : kSleepMilliseconds;
    if (connection_queue_timeout == 0) return limit;
    TimestampTz deadline = TimestampTzPlusMilliseconds(started, connection_queue_timeout);
    return Min(limit, TimestampDifferenceMilliseconds(GetCurrentTimestamp(), deadline));
}

void PublishMailbox() {
    MailboxAddress address;
    if (self->mailbox.length > 0 || !OpenMailbox(&address)) return;
    LWLockAcquire(Lock(), LW_EXCLUSIVE);
    self->mailbox = address;
    LWLockRelease(Lock());
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
    LWLockAcquire(Lock(), LW_EXCLUSIVE);
    if (self->turn == Turn::kWaiting) Dequeue(self);
    if (self->tickets == 0) {
        Shared()->taken++;
        self->tickets = 1;
    }
    LWLockRelease(Lock());
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
            if (self->tickets == 0) RaiseNoTicket();
        }
        if (self->turn == Turn::kWaiting)
            WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, timeout, PG_WAIT_EXTENSION);
        ServeInterrupts();
    }
}

}  // namespace

void RegisterTickets() { postgres::RegisterSharedArea(&kArea); }

int TicketCount() { return self == nullptr ? 0 : self->tickets; }

void AwaitTicket() {
    if (!TryTakeTicket()) AwaitTurn();
    taken_at = GetCurrentTimestamp();
    uses_before = self->uses;
}

bool TryTakeTicket() {
    Self();
    LWLockAcquire(Lock(), LW_EXCLUSIVE);
    bool free = Shared()->first == kNobody && Shared()->taken < max_connections_per_node;
    if (free) {
        Shared()->taken++;
        self->tickets++;
    }
    LWLockRelease(Lock());
    return free;
}

void NoteTicketUse() { self->uses = self->uses + 1; }

bool AreTicketsWanted() {
    if (self == nullptr) return false;
    // An error ended the waiting.
    if (self->turn == Turn::kWaiting) LeaveQueue();
    return self->tickets > 0 && pg_atomic_read_u32(&Shared()->waiting) > 0;
}

bool IsTimeSliceOver(bool reopening) {
    int factor = reopening ? kReopenFactor : self->uses - uses_before < kWorthwhileUses ? kMaxSlices : 1;
    return GetCurrentTimestamp() >=
           TimestampTzPlusMilliseconds(taken_at, static_cast<int64>(connection_time_slice) * factor);
}

void ReturnFurtherTickets() {
    if (self->tickets <= 1) return;
    LWLockAcquire(Lock(), LW_EXCLUSIVE);
    GiveBack(self->tickets - 1);
    self->tickets = 1;
    LWLockRelease(Lock());
}

void PassTicket(void (*give)(const MailboxAddress* receiver)) {
    Tickets* tickets = Shared();
    LWLockAcquire(Lock(), LW_EXCLUSIVE);
    if (tickets->first != kNobody) {
        const Session& receiver = tickets->sessions[tickets->first];
        bool useful = receiver.database == MyDatabaseId && receiver.mailbox.length > 0 &&
                      tickets->taken <= max_connections_per_node;
        give(useful ? &receiver.mailbox : nullptr);
        self->tickets = 0;
        self->turn = Turn::kNone;
        GiveBack(1);
    }
    LWLockRelease(Lock());
}

// ---- what is open ----

namespace {

int FindShownNode(NodeId node) {
    for (int i = 0; i < kMaxShownNodes; i++)
        if (Shared()->nodes[i].database == MyDatabaseId && Shared()->nodes[i].node == node) return i;
    return kNobody;
}

bool IsOpenAnywhere(int index) {
    for (int i = 0; i < MaxBackends; i++)
        if (Shared()->sessions[i].open[index] > 0) return true;
    return false;
}

int AddShownNode(NodeId node) {
    for (int i = 0; i < kMaxShownNodes; i++) {
        if (Shared()->nodes[i].database != InvalidOid && IsOpenAnywhere(i)) continue;
        Shared()->nodes[i] = {MyDatabaseId, node};
        return i;
    }
    return kNobody;
}

}  // namespace

void NoteOpened(NodeId node) {
    Self();
    LWLockAcquire(Lock(), LW_EXCLUSIVE);
    int index = FindShownNode(node);
    if (index == kNobody) index = AddShownNode(node);
    if (index != kNobody) self->open[index]++;
    LWLockRelease(Lock());
}

void NoteClosed(NodeId node) {
    bool locked = LWLockHeldByMe(Lock());
    if (!locked) LWLockAcquire(Lock(), LW_EXCLUSIVE);
    int index = FindShownNode(node);
    if (index != kNobody && self->open[index] > 0) self->open[index]--;
    if (!locked) LWLockRelease(Lock());
}

void ReturnAllTickets() {
    if (self == nullptr) return;
    LWLockAcquire(Lock(), LW_EXCLUSIVE);
    if (self->turn == Turn::kWaiting) Dequeue(self);
    GiveBack(self->tickets);
    memset(static_cast<void*>(self), 0, sizeof(Session));
    LWLockRelease(Lock());
    self = nullptr;
}

NodeConnections* ListNodeConnections(int* count, int* waiting) {
    auto* list = static_cast<NodeConnections*>(palloc0(sizeof(NodeConnections) * kMaxShownNodes));
    *count = *waiting = 0;
    if (memory == nullptr) return list;
    LWLockAcquire(Lock(), LW_SHARED);
    *waiting = static_cast<int>(pg_atomic_read_u32(&Shared()->waiting));
    for (int n = 0; n < kMaxShownNodes; n++) {
        if (Shared()->nodes[n].database != MyDatabaseId) continue;
        NodeConnections* node = &list[(*count)++];
        node->node = Shared()->nodes[n].node;
        for (int i = 0; i < MaxBackends; i++) {
            const Session& session = Shared()->sessions[i];
            node->open += session.open[n];
            if (session.open[n] > 0 && !HasTransaction(session)) node->idle += session.open[n];
        }
    }
    LWLockRelease(Lock());
    return list;
}

}  // namespace herd::cluster
