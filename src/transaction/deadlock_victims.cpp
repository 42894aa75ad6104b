#include "transaction/deadlock_victims.h"

#include "postgres/shared_memory.h"

extern "C" {
#include <access/xact.h>
#include <miscadmin.h>
#include <signal.h>
#include <storage/latch.h>
#include <storage/lwlock.h>
#include <storage/proc.h>
#include <storage/procarray.h>
}

namespace herd::transaction {

namespace {

struct Victim {
    volatile int pid;  // 0: none
    TimestampTz transaction_start;
    char detail[1000];
};

Victim* victims;  // by the number of the PGPROC
LWLockPadded* victims_lock;

Size VictimsSize() { return sizeof(Victim) * MaxBackends; }

const postgres::SharedArea kArea = {"herd deadlocks", VictimsSize, 1, nullptr, reinterpret_cast<void**>(&victims),
                                    &victims_lock};

bool HasVictimSlot(const PGPROC* proc) { return victims != nullptr && proc->pgprocno < MaxBackends; }

bool ConcernsThisTransaction(const Victim* victim) {
    return victim->pid == MyProcPid && IsTransactionState() &&
           victim->transaction_start == GetCurrentTransactionStartTimestamp();
}

// Takes what was told to this backend; null if it does not concern the transaction of the moment.
char* TakeDetail() {
    if (MyProc == nullptr || !HasVictimSlot(MyProc)) return nullptr;
    Victim* victim = &victims[MyProc->pgprocno];
    if (victim->pid == 0) return nullptr;
    char* detail = nullptr;
    LWLockAcquire(&victims_lock->lock, LW_EXCLUSIVE);
    if (ConcernsThisTransaction(victim)) detail = pstrdup(victim->detail);
    victim->pid = 0;
    LWLockRelease(&victims_lock->lock);
    return detail;
}

[[noreturn]] void RaiseDeadlock(const char* detail) {
    ereport(ERROR,
            (errcode(ERRCODE_T_R_DEADLOCK_DETECTED), errmsg("deadlock detected"), errdetail_internal("%s", detail)));
    pg_unreachable();
}

}  // namespace

void RegisterDeadlockVictims() { postgres::RegisterSharedArea(&kArea); }

void CancelForDeadlock(int pid, TimestampTz transaction_start, const char* detail) {
    PGPROC* proc = BackendPidGetProc(pid);
    if (proc == nullptr || !HasVictimSlot(proc)) return;
    Victim* victim = &victims[proc->pgprocno];
    LWLockAcquire(&victims_lock->lock, LW_EXCLUSIVE);
    victim->transaction_start = transaction_start;
    strlcpy(victim->detail, detail, sizeof(victim->detail));
    victim->pid = pid;
    LWLockRelease(&victims_lock->lock);
    // A wait for a node looks for itself; one for a lock of this server must be broken off.
    if (proc->waitLock != nullptr) kill(pid, SIGINT);
    SetLatch(&proc->procLatch);
}

bool IsVictim() {
    if (MyProc == nullptr || !HasVictimSlot(MyProc) || victims[MyProc->pgprocno].pid == 0) return false;
    LWLockAcquire(&victims_lock->lock, LW_SHARED);
    bool concerned = ConcernsThisTransaction(&victims[MyProc->pgprocno]);
    LWLockRelease(&victims_lock->lock);
    return concerned;
}

void RaiseIfVictim() {
    char* detail = TakeDetail();
    if (detail != nullptr) RaiseDeadlock(detail);
}

void ReplaceCancelOfVictim() {
    if (geterrcode() != ERRCODE_QUERY_CANCELED || MyProc == nullptr || !HasVictimSlot(MyProc)) return;
    if (victims[MyProc->pgprocno].pid == 0) return;
    MemoryContextSwitchTo(CurTransactionContext);
    char* detail = TakeDetail();
    if (detail == nullptr) return;
    FlushErrorState();
    RaiseDeadlock(detail);
}

}  // namespace herd::transaction
