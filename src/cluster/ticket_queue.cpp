#include "cluster/ticket_queue.h"

#include "cluster/settings.h"
#include "postgres/shared_memory.h"

extern "C" {
#include <miscadmin.h>
#include <storage/backendid.h>
#include <storage/ipc.h>
#include <storage/latch.h>
#include <storage/proc.h>
#include <storage/procsignal.h>
}

namespace herd::cluster {

Session* own_session;

namespace {

constexpr int kIdleTicks = 4;  // so long without work is idle; a busy machine makes clients pause too

void* memory;
LWLockPadded* locks;

Size MemorySize() { return offsetof(Tickets, sessions) + sizeof(Session) * MaxBackends; }

void Initialize(void* area) {
    auto* tickets = static_cast<Tickets*>(area);
    pg_atomic_init_u32(&tickets->waiting, 0);
    tickets->first = tickets->last = kNobody;
}

constexpr postgres::SharedArea kArea = {"herd_connections", MemorySize, 1, Initialize, &memory, &locks};

extern "C" void HerdReturnTickets(int, Datum) { ReturnAllTickets(); }

}  // namespace

void RegisterTicketMemory() { postgres::RegisterSharedArea(&kArea); }

bool IsTicketMemoryThere() { return memory != nullptr; }

Tickets* SharedTickets() { return static_cast<Tickets*>(memory); }

LWLock* TicketLock() { return &locks[0].lock; }

Session* OwnSession() {
    if (own_session != nullptr) return own_session;
    Assert(MyBackendId >= 1 && MyBackendId <= MaxBackends);
    Session* session = &SharedTickets()->sessions[MyBackendId - 1];
    LWLockAcquire(TicketLock(), LW_EXCLUSIVE);
    memset(static_cast<void*>(session), 0, sizeof(Session));
    session->pid = MyProcPid;
    session->process = MyProc->pgprocno;
    session->database = MyDatabaseId;
    session->next = kNobody;
    LWLockRelease(TicketLock());
    on_shmem_exit(HerdReturnTickets, 0);
    return own_session = session;
}

bool HasTransaction(const Session& session) {
    return ProcGlobal->allProcs[session.process].lxid != InvalidLocalTransactionId;
}

namespace {

void Wake(int index) {
    if (index != kNobody) SetLatch(&ProcGlobal->allProcs[SharedTickets()->sessions[index].process].procLatch);
}

void Enqueue(Session* session) {
    Tickets* tickets = SharedTickets();
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

}  // namespace

void LeaveTicketQueue(Session* session) {
    Tickets* tickets = SharedTickets();
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

namespace {

// The ticket, already counted, is the session's. Its latch is set.
void Grant(Session* session) {
    LeaveTicketQueue(session);
    session->tickets = 1;
    session->turn = Turn::kGranted;
    Wake(static_cast<int>(session - SharedTickets()->sessions));
}

}  // namespace

void GiveBackTickets(int count) {
    Tickets* tickets = SharedTickets();
    tickets->taken -= count;
    while (tickets->first != kNobody && tickets->taken < max_connections_per_node) {
        tickets->taken++;
        Grant(&tickets->sessions[tickets->first]);
    }
}

bool IsFirstInQueue(const Session* session) { return &SharedTickets()->sessions[SharedTickets()->first] == session; }

bool TakeOrEnqueue(Session* session) {
    Tickets* tickets = SharedTickets();
    bool first = tickets->first == kNobody || (session->turn == Turn::kWaiting && IsFirstInQueue(session));
    if (session->tickets == 0 && first && tickets->taken < max_connections_per_node) {
        if (session->turn == Turn::kWaiting) LeaveTicketQueue(session);
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

void InterruptIdleSessions() {
    Tickets* tickets = SharedTickets();
    uint32 wanted = pg_atomic_read_u32(&tickets->waiting);
    for (int i = 0; i < MaxBackends && wanted > 0; i++) {
        Session& session = tickets->sessions[i];
        if (session.tickets == 0 || &session == own_session) continue;
        bool idle = !HasTransaction(session) && session.uses == session.seen_uses;
        session.seen_uses = session.uses;
        session.idle_ticks = idle ? session.idle_ticks + 1 : 0;
        if (session.idle_ticks < kIdleTicks) continue;
        SendProcSignal(session.pid, PROCSIG_CATCHUP_INTERRUPT, i + 1);
        wanted--;
    }
}

}  // namespace herd::cluster
