#include "cluster/wait_loop.h"

extern "C" {
#include <miscadmin.h>
#include <storage/proc.h>
#include <utils/wait_event.h>
}

namespace herd::cluster {

namespace {

// The set of the last call of WaitForConnections(): building one costs several system calls.
WaitEventSet* shared_set;
Connection** shared_members;
int shared_count;
int shared_capacity;

// A session that is to end gives what it can't break off only this much more time.
constexpr int kLastMilliseconds = 1000;

// The deadline, or sooner if interrupts are held and the session is to end.
TimestampTz LastMoment(TimestampTz deadline, Interrupts interrupts) {
    static TimestampTz noticed = 0;
    if (interrupts == Interrupts::kServe || !ProcDiePending) return deadline;
    if (noticed == 0) noticed = GetCurrentTimestamp();
    TimestampTz last = TimestampTzPlusMilliseconds(noticed, kLastMilliseconds);
    return deadline == kNoDeadline ? last : Min(deadline, last);
}

long MillisecondsLeft(TimestampTz deadline, Interrupts interrupts) {
    deadline = LastMoment(deadline, interrupts);
    if (deadline == kNoDeadline) return -1;
    return TimestampDifferenceMilliseconds(GetCurrentTimestamp(), deadline);
}

WaitCallbacks callbacks;

void ServeLatch(Interrupts interrupts) {
    ResetLatch(MyLatch);
    if (interrupts == Interrupts::kHold) return;
    if (callbacks.interrupted != nullptr) callbacks.interrupted();
    CHECK_FOR_INTERRUPTS();
}

// Waits until something happens, false at the end of `timeout` (-1: none). A long wait is told on the way.
bool WaitForEvent(WaitEventSet* set, long timeout, WaitEvent* event, Interrupts interrupts) {
    while (interrupts == Interrupts::kServe && (timeout < 0 || timeout > DeadlockTimeout)) {
        if (WaitEventSetWait(set, DeadlockTimeout, event, 1, PG_WAIT_EXTENSION) != 0) return true;
        if (timeout > 0) timeout -= DeadlockTimeout;
        if (callbacks.noticed != nullptr) callbacks.noticed();
    }
    return WaitEventSetWait(set, timeout, event, 1, PG_WAIT_EXTENSION) != 0;
}

void EnsureWaitSet(Connection* connection, uint32 events) {
    if (connection->wait_set == nullptr) {
        connection->wait_set = CreateWaitEventSet(connection->context, 3);
        AddWaitEventToSet(connection->wait_set, events, PQsocket(connection->pg), nullptr, nullptr);
        AddWaitEventToSet(connection->wait_set, WL_LATCH_SET, PGINVALID_SOCKET, MyLatch, nullptr);
        AddWaitEventToSet(connection->wait_set, WL_EXIT_ON_PM_DEATH, PGINVALID_SOCKET, nullptr, nullptr);
    } else if (connection->wait_events != events) {
        ModifyWaitEvent(connection->wait_set, 0, events, nullptr);
    }
    connection->wait_events = events;
}

bool IsSharedSet(Connection* const* connections, int count) {
    return shared_set != nullptr && shared_count == count &&
           memcmp(shared_members, connections, count * sizeof(Connection*)) == 0;
}

void BuildSharedSet(Connection* const* connections, int count) {
    ForgetWaitSet();
    if (shared_capacity < count) {
        if (shared_members != nullptr) pfree(shared_members);
        shared_members = static_cast<Connection**>(MemoryContextAlloc(TopMemoryContext, count * sizeof(Connection*)));
        shared_capacity = count;
    }
    shared_set = CreateWaitEventSet(TopMemoryContext, count + 2);
    AddWaitEventToSet(shared_set, WL_LATCH_SET, PGINVALID_SOCKET, MyLatch, nullptr);
    AddWaitEventToSet(shared_set, WL_EXIT_ON_PM_DEATH, PGINVALID_SOCKET, nullptr, nullptr);
    for (int i = 0; i < count; i++)
        AddWaitEventToSet(shared_set, WL_SOCKET_READABLE, PQsocket(connections[i]->pg), nullptr, nullptr);
    memcpy(shared_members, connections, count * sizeof(Connection*));
    shared_count = count;
}

}  // namespace

void SetWaitCallbacks(WaitCallbacks new_callbacks) { callbacks = new_callbacks; }

uint32 WaitForSocket(Connection* connection, uint32 events, TimestampTz deadline, Interrupts interrupts) {
    if (interrupts == Interrupts::kServe) CHECK_FOR_INTERRUPTS();
    EnsureWaitSet(connection, events);
    for (;;) {
        long timeout = MillisecondsLeft(deadline, interrupts);
        WaitEvent event;
        if (!WaitForEvent(connection->wait_set, timeout, &event, interrupts)) return 0;
        if ((event.events & WL_LATCH_SET) == 0) return event.events;
        ServeLatch(interrupts);
    }
}

// A deadline noticed so late has passed while this machine, or this process, stood still (a virtual machine is moved, a laptop sleeps). The other
// side may just wake up, too.
constexpr int kNoticedLateMilliseconds = 1000;
constexpr int kSecondChanceMilliseconds = 2000;

uint32 WaitForOpening(PGconn* pg, uint32 events, TimestampTz deadline, Interrupts interrupts) {
    bool second_chance = false;
    for (;;) {
        int happened = WaitLatchOrSocket(MyLatch, WL_LATCH_SET | WL_EXIT_ON_PM_DEATH | WL_TIMEOUT | events,
                                         PQsocket(pg), MillisecondsLeft(deadline, interrupts), PG_WAIT_EXTENSION);
        if ((happened & WL_LATCH_SET) != 0) ServeLatch(interrupts);
        if ((happened & events) != 0) return happened & events;
        if ((happened & WL_TIMEOUT) == 0) continue;
        TimestampTz now = GetCurrentTimestamp();
        if (second_chance || deadline == kNoDeadline ||
            now < TimestampTzPlusMilliseconds(deadline, kNoticedLateMilliseconds))
            return 0;
        deadline = TimestampTzPlusMilliseconds(now, kSecondChanceMilliseconds);
        second_chance = true;
    }
}

Connection* WaitForConnections(Connection* const* connections, int count) {
    if (count == 1) {
        WaitForSocket(connections[0], WL_SOCKET_READABLE, kNoDeadline, Interrupts::kServe);
        return connections[0];
    }
    CHECK_FOR_INTERRUPTS();
    if (!IsSharedSet(connections, count)) BuildSharedSet(connections, count);
    for (;;) {
        WaitEvent event;
        if (!WaitForEvent(shared_set, -1, &event, Interrupts::kServe)) continue;
        if ((event.events & WL_LATCH_SET) == 0) return shared_members[event.pos - 2];
        ServeLatch(Interrupts::kServe);
    }
}

void ForgetWaitSet() {
    if (shared_set == nullptr) return;
    FreeWaitEventSet(shared_set);
    shared_set = nullptr;
}

}  // namespace herd::cluster
