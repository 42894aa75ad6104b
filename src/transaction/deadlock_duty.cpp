#include "transaction/deadlock_duty.h"

#include "catalog/metadata.h"
#include "cluster/wait_loop.h"
#include "transaction/deadlock_victims.h"
#include "transaction/node_waits.h"
#include "transaction/node_work.h"
#include "worker/duties.h"

extern "C" {
#include <access/xlog.h>
#include <miscadmin.h>
#include <storage/latch.h>
#include <utils/wait_event.h>
}

namespace herd::transaction {

namespace {

worker::DutyId duty_id;

// Between two looks: waits that are over by then were none of a deadlock.
constexpr long kLookAgainMilliseconds = 50;

struct Cycle {
    LockWait* waits;
    size_t length;
};

// Of this coordinator, the one whose transaction began last.
const Session* ChooseVictim(const Cycle& cycle, TimestampTz* start) {
    const Session* victim = nullptr;
    for (size_t i = 0; i < cycle.length; i++) {
        const Session& session = cycle.waits[i].waiter;
        if (session.place != GetSystemIdentifier()) continue;
        TimestampTz session_start = TransactionStartOf(session.pid);
        if (session_start == 0 || (victim != nullptr && session_start < *start)) continue;
        victim = &session;
        *start = session_start;
    }
    return victim;
}

const char* NodeName(int node) {
    if (node == kOwnNode.value) return "this server";
    return psprintf("node \"%s\"", catalog::GetNode(NodeId{node})->name);
}

char* DescribeCycle(const Cycle& cycle) {
    StringInfoData text;
    initStringInfo(&text);
    for (size_t i = 0; i < cycle.length; i++) {
        const LockWait& wait = cycle.waits[i];
        appendStringInfo(&text, "%sProcess %d waits on %s for a lock; blocked by process %d.", i > 0 ? "\n" : "",
                         wait.waiter.pid, NodeName(wait.node), wait.blocker.pid);
    }
    return text.data;
}

void Pause() {
    long left = kLookAgainMilliseconds;
    TimestampTz end = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), left);
    while (left > 0) {
        int events = WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, left, PG_WAIT_EXTENSION);
        if ((events & WL_LATCH_SET) != 0) ResetLatch(MyLatch);
        CHECK_FOR_INTERRUPTS();
        left = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), end);
    }
}

bool FindAnyCycle(const LockWaits& waits, LockWait* cycle) {
    return FindCycle({waits.waits, static_cast<size_t>(waits.count)}, {}, {cycle, static_cast<size_t>(waits.count)}) >
           0;
}

// What one node sees whole, its own PostgreSQL breaks.
bool IsOfOneNode(const Cycle& cycle) {
    for (size_t i = 1; i < cycle.length; i++)
        if (cycle.waits[i].node != cycle.waits[0].node) return false;
    return true;
}

void BreakCycles(const LockWaits& waits, LockWait* buffer) {
    auto* excluded = static_cast<Session*>(palloc(sizeof(Session) * waits.count));
    size_t excluded_count = 0;
    auto count = static_cast<size_t>(waits.count);
    for (;;) {
        Cycle cycle = {buffer, FindCycle({waits.waits, count}, {excluded, excluded_count}, {buffer, count})};
        if (cycle.length == 0) return;
        TimestampTz start = 0;
        const Session* victim = IsOfOneNode(cycle) ? nullptr : ChooseVictim(cycle, &start);
        // Without one of ours it is another coordinator's.
        if (victim != nullptr) CancelForDeadlock(victim->pid, start, DescribeCycle(cycle));
        excluded[excluded_count++] = victim != nullptr ? *victim : cycle.waits[0].waiter;
    }
}

// Every waiting session asks; looking more often than this finds no more.
constexpr int kGapMilliseconds = 250;

// Is it time to look? If not, *pending says that somebody still wants it.
bool IsDue(bool requested, bool* pending) {
    static TimestampTz last_look;
    if (!requested && !*pending) return false;
    TimestampTz now = GetCurrentTimestamp();
    *pending = now < TimestampTzPlusMilliseconds(last_look, kGapMilliseconds);
    if (!*pending) last_look = now;
    return !*pending;
}

worker::DutyResult LookForDeadlocks(bool requested) {
    static bool pending;
    if (!IsDue(requested, &pending)) return pending ? worker::DutyResult::kAgainSoon : worker::DutyResult::kDone;
    LockWaits first = LookAtWaits();
    if (first.count == 0) return worker::DutyResult::kDone;
    auto* cycle = static_cast<LockWait*>(palloc(sizeof(LockWait) * first.count));
    if (!FindAnyCycle(first, cycle)) return worker::DutyResult::kDone;
    Pause();
    LockWaits second = LookAtWaits();
    if (second.count == 0) return worker::DutyResult::kDone;
    second.count = static_cast<int>(KeepLasting({first.waits, static_cast<size_t>(first.count)},
                                                {second.waits, static_cast<size_t>(second.count)}));
    BreakCycles(second, static_cast<LockWait*>(palloc(sizeof(LockWait) * Max(second.count, 1))));
    return worker::DutyResult::kDone;
}

int Interval() { return 0; }

const worker::Duty kDuty = {"herd: look for deadlocks", Interval, LookForDeadlocks};

// Reads outside a transaction of the node hold no locks that others wait for.
bool HoldsLocksOnNodes() {
    for (const NodeWork* work = first_work; work != nullptr; work = work->next)
        if (work->begin_level > 0) return true;
    return false;
}

void NoticeLongWait() {
    if (HoldsLocksOnNodes()) worker::RequestDuty(duty_id);
}

}  // namespace

void RegisterDeadlockDuty() {
    duty_id = worker::RegisterDuty(&kDuty);
    RegisterDeadlockVictims();
    cluster::SetWaitCallbacks({NoticeLongWait, RaiseIfVictim});
}

}  // namespace herd::transaction
