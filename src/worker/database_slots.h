// Shared memory: which databases have a worker, or need one. Internal to this module, but for what utility statements ask for.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <storage/latch.h>
#include <utils/timestamp.h>
}

namespace herd::worker {

struct DatabaseSlot {
    Oid database;            // InvalidOid: the slot is free
    uint32 requests;         // duties that somebody asks for
    bool wanted;             // the worker of this database has not said that it isn't needed
    bool starting;           // the launcher has asked for a process, which is not attached yet
    int pid;                 // of the attached worker, else 0
    Latch* latch;            // its latch
    int paused_by;           // pid of the session that wants nobody connected to this database, else 0
    TimestampTz not_before;  // when to start it again after a failure
};

inline constexpr int kSlotCount = 128;
inline constexpr int kRetryMilliseconds = 3000;  // after a failure

struct SharedState {
    Latch* launcher;
    bool list_databases;  // the launcher is to look at all databases again: a slot was missing
    DatabaseSlot slots[kSlotCount];
};

void RegisterSlots();

// Null without shared_preload_libraries. Everything in it is protected by the lock.
SharedState* Shared();
void LockShared();
void UnlockShared();

// With the lock held. EnsureSlot takes a free one if need be; null if there is none.
DatabaseSlot* FindSlot(Oid database);
DatabaseSlot* EnsureSlot(Oid database);
void WakeLauncher();

// For this database. Never raises or waits for long.
void RequestDuties(uint32 duties);

// What the worker's process does with its slot. Attach returns false if the database has another worker, or shall have none.
bool AttachSlot(Oid database);
uint32 TakeRequests();
bool IsPaused();
// Not needed any more, unless somebody asks again.
void NoteNotNeeded();

// Keeps workers out of a database until the end of the current transaction, and waits until its worker is gone: statements
// that need it for themselves would fail.
void PauseWorkers(Oid database);
// At the end of every transaction.
void ResumeWorkers();

}  // namespace herd::worker
