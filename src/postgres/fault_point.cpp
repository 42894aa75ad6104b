#include "postgres/fault_point.h"

#ifdef HERD_FAULT_POINTS

extern "C" {
#include <miscadmin.h>
#include <sys/resource.h>
#include <utils/guc.h>
#include <utils/timestamp.h>
}

namespace herd::postgres {

static char* fault_point_setting;
static int pretended_release;

void RegisterFaultPointSettings() {
    DefineCustomStringVariable("herd.fault_point", "Named step at which this session fails (tests only).",
                               "\"name:error\", \"name:exit\", \"name:sleep=milliseconds\" or \"name:no_memory\".",
                               &fault_point_setting, "", PGC_SUSET, 0, nullptr, nullptr, nullptr);
    DefineCustomIntVariable("herd.pretended_release",
                            "This server speaks as one so many releases later would (tests only).", nullptr,
                            &pretended_release, 0, -2, 2, PGC_POSTMASTER, 0, nullptr, nullptr, nullptr);
}

ProtocolRange OwnProtocols() { return {kProtocols.oldest + pretended_release, kProtocols.newest + pretended_release}; }

// ---- no memory: malloc() fails until the next fault point ----

struct Hoard {
    Hoard* next;
};

static Hoard* hoard;
static rlimit usual_limit;

static void TakeAllMemory() {
    getrlimit(RLIMIT_AS, &usual_limit);
    rlimit none = {1, usual_limit.rlim_max};
    setrlimit(RLIMIT_AS, &none);
    for (size_t size = 1024 * 1024; size >= sizeof(Hoard); size /= 2)
        while (void* memory = malloc(size)) hoard = new (memory) Hoard{hoard};
}

static void GiveMemoryBack() {
    if (hoard == nullptr) return;
    setrlimit(RLIMIT_AS, &usual_limit);
    while (hoard != nullptr) {
        Hoard* next = hoard->next;
        free(hoard);
        hoard = next;
    }
}

// Through signals.
static void Sleep(long microseconds) {
    TimestampTz end = GetCurrentTimestamp() + microseconds;
    for (long left = microseconds; left > 0; left = (long)(end - GetCurrentTimestamp())) pg_usleep(left);
}

void FaultPoint(const char* name) {
    GiveMemoryBack();
    if (fault_point_setting == nullptr || fault_point_setting[0] == '\0') return;
    size_t length = strlen(name);
    if (strncmp(fault_point_setting, name, length) != 0 || fault_point_setting[length] != ':') return;
    const char* action = fault_point_setting + length + 1;
    if (strcmp(action, "error") == 0)
        ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("fault point \"%s\" raised", name)));
    if (strcmp(action, "exit") == 0) _exit(2);
    if (strcmp(action, "no_memory") == 0) TakeAllMemory();
    if (strncmp(action, "sleep=", 6) == 0) Sleep(atol(action + 6) * 1000L);
}

}  // namespace herd::postgres

#endif
