// Shared memory of the library's modules: an area each, reserved while the server starts.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <storage/lwlock.h>
}

namespace herd::postgres {

struct SharedArea {
    const char* name;           // also the name of its locks, as pg_stat_activity shows them
    Size (*size)();             // in bytes; called once all settings are known
    int lock_count;             // LWLocks that go with it, may be 0
    void (*initialize)(void*);  // fills the zeroed memory, once per start of the server; may be null
    void** memory;              // set in every process
    LWLockPadded** locks;       // likewise; may be null if lock_count is 0
};

// In _PG_init while shared_preload_libraries are loaded; the description must stay. Without that no memory is ever set.
void RegisterSharedArea(const SharedArea* area);
// Once, after all areas are registered.
void InstallSharedMemoryHooks();

}  // namespace herd::postgres
