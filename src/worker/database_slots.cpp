#include "worker/database_slots.h"

#include "postgres/entry.h"
#include "postgres/shared_memory.h"

extern "C" {
#include <miscadmin.h>
#include <signal.h>
#include <storage/ipc.h>
#include <storage/lwlock.h>
#include <storage/procarray.h>
#include <utils/wait_event.h>
}

namespace herd::worker {

namespace {

void* memory;
LWLockPadded* locks;

constexpr postgres::SharedArea kArea = {
    "herd_workers", []() -> Size { return sizeof(SharedState); }, 1, nullptr, &memory, &locks};

DatabaseSlot* own_slot;  // of a worker's process
Oid paused_database;

constexpr int kPolitenessMilliseconds = 200;  // before a worker at work is interrupted
constexpr int kPauseMilliseconds = 10000;

bool IsPausedSlot(DatabaseSlot* slot) {
    if (slot->paused_by != 0 && BackendPidGetProc(slot->paused_by) == nullptr) slot->paused_by = 0;
    return slot->paused_by != 0;
}

}  // namespace

void RegisterSlots() { postgres::RegisterSharedArea(&kArea); }

SharedState* Shared() { return static_cast<SharedState*>(memory); }
void LockShared() { LWLockAcquire(&locks[0].lock, LW_EXCLUSIVE); }
void UnlockShared() { LWLockRelease(&locks[0].lock); }

DatabaseSlot* FindSlot(Oid database) {
    for (DatabaseSlot& slot : Shared()->slots)
        if (slot.database == database) return &slot;
    return nullptr;
}

DatabaseSlot* EnsureSlot(Oid database) {
    DatabaseSlot* slot = FindSlot(database);
    if (slot != nullptr) return slot;
    slot = FindSlot(InvalidOid);
    for (int i = 0; slot == nullptr && i < kSlotCount; i++) {
        DatabaseSlot* idle = &Shared()->slots[i];
        bool in_use = idle->wanted || idle->requests != 0 || idle->pid != 0 || idle->starting || IsPausedSlot(idle);
        if (!in_use) slot = idle;
    }
    if (slot == nullptr) return nullptr;
    *slot = {};
    slot->database = database;
    return slot;
}

void WakeLauncher() {
    if (Shared()->launcher != nullptr) SetLatch(Shared()->launcher);
}

void RequestDuties(uint32 duties) {
    if (Shared() == nullptr || !OidIsValid(MyDatabaseId)) return;
    LockShared();
    DatabaseSlot* slot = EnsureSlot(MyDatabaseId);
    if (slot == nullptr)
        Shared()->list_databases = true;
    else
        slot->requests |= duties;
    if (slot != nullptr && slot->latch != nullptr)
        SetLatch(slot->latch);
    else
        WakeLauncher();
    UnlockShared();
}

extern "C" {

static void HerdWorkerDetach(int, Datum) {
    postgres::Enter([]() {
        LockShared();
        own_slot->pid = 0;
        own_slot->latch = nullptr;
        if (own_slot->wanted)
            own_slot->not_before = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), kRetryMilliseconds);
        WakeLauncher();
        UnlockShared();
    });
}
}

bool AttachSlot(Oid database) {
    LockShared();
    DatabaseSlot* slot = FindSlot(database);
    bool attached = slot != nullptr && slot->pid == 0 && !IsPausedSlot(slot);
    if (slot != nullptr && slot->pid == 0) slot->starting = false;
    if (attached) {
        own_slot = slot;
        slot->pid = MyProcPid;
        slot->latch = MyLatch;
    }
    WakeLauncher();
    UnlockShared();
    if (attached) before_shmem_exit(HerdWorkerDetach, 0);
    return attached;
}

uint32 TakeRequests() {
    LockShared();
    uint32 requests = own_slot->requests;
    own_slot->requests = 0;
    UnlockShared();
    return requests;
}

bool IsPaused() {
    LockShared();
    bool paused = IsPausedSlot(own_slot);
    UnlockShared();
    return paused;
}

void NoteNotNeeded() {
    LockShared();
    own_slot->wanted = false;
    UnlockShared();
}

namespace {

// True once no worker of the database is there or about to come. A worker at work is interrupted if it takes too long.
bool IsGone(Oid database, bool interrupt) {
    LockShared();
    DatabaseSlot* slot = FindSlot(database);
    bool gone = slot == nullptr || (slot->pid == 0 && !slot->starting);
    if (!gone && slot->latch != nullptr) SetLatch(slot->latch);
    if (!gone && interrupt && slot->pid != 0) kill(slot->pid, SIGTERM);
    UnlockShared();
    return gone;
}

}  // namespace

void PauseWorkers(Oid database) {
    if (Shared() == nullptr) return;
    LockShared();
    DatabaseSlot* slot = EnsureSlot(database);
    if (slot != nullptr) slot->paused_by = MyProcPid;
    UnlockShared();
    if (slot == nullptr) return;
    paused_database = database;
    bool interrupted = false;
    for (int waited = 0; waited < kPauseMilliseconds; waited += 10) {
        bool interrupt = !interrupted && waited >= kPolitenessMilliseconds;
        interrupted = interrupted || interrupt;
        if (IsGone(database, interrupt)) return;
        WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, 10, PG_WAIT_EXTENSION);
        ResetLatch(MyLatch);
        CHECK_FOR_INTERRUPTS();
    }
}

void ResumeWorkers() {
    if (!OidIsValid(paused_database)) return;
    LockShared();
    DatabaseSlot* slot = FindSlot(paused_database);
    if (slot != nullptr && slot->paused_by == MyProcPid) slot->paused_by = 0;
    WakeLauncher();
    UnlockShared();
    paused_database = InvalidOid;
}

}  // namespace herd::worker
