#include "postgres/shared_memory.h"

#include "postgres/entry.h"

extern "C" {
#include <miscadmin.h>
#include <storage/ipc.h>
#include <storage/shmem.h>
}

namespace herd::postgres {

constexpr int kMaxAreas = 16;

static const SharedArea* areas[kMaxAreas];
static int area_count;
static shmem_request_hook_type previous_request;
static shmem_startup_hook_type previous_startup;

void RegisterSharedArea(const SharedArea* area) {
    if (area_count == kMaxAreas) elog(ERROR, "too many areas of shared memory");
    areas[area_count++] = area;
}

static void Request() {
    for (int i = 0; i < area_count; i++) {
        RequestAddinShmemSpace(MAXALIGN(areas[i]->size()));
        if (areas[i]->lock_count > 0) RequestNamedLWLockTranche(areas[i]->name, areas[i]->lock_count);
    }
}

static void Attach(const SharedArea* area) {
    bool found;
    Size size = area->size();
    *area->memory = ShmemInitStruct(area->name, size, &found);
    if (area->lock_count > 0) *area->locks = GetNamedLWLockTranche(area->name);
    if (found) return;
    memset(*area->memory, 0, size);
    if (area->initialize != nullptr) area->initialize(*area->memory);
}

static void Startup() {
    LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
    for (int i = 0; i < area_count; i++) Attach(areas[i]);
    LWLockRelease(AddinShmemInitLock);
}

extern "C" {

static void HerdShmemRequest() {
    Enter([]() {
        if (previous_request) previous_request();
        Request();
    });
}

static void HerdShmemStartup() {
    Enter([]() {
        if (previous_startup) previous_startup();
        Startup();
    });
}

}  // extern "C"

void InstallSharedMemoryHooks() {
    previous_request = shmem_request_hook;
    shmem_request_hook = HerdShmemRequest;
    previous_startup = shmem_startup_hook;
    shmem_startup_hook = HerdShmemStartup;
}

}  // namespace herd::postgres
