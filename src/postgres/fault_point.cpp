#include "postgres/fault_point.h"

#ifdef HERD_FAULT_POINTS

extern "C" {
#include <miscadmin.h>
#include <utils/guc.h>
}

namespace herd::postgres {

static char* fault_point_setting;

void RegisterFaultPointSettings() {
    DefineCustomStringVariable("herd.fault_point", "Named step at which this session fails (tests only).",
                               "\"name:error\", \"name:exit\" or \"name:sleep=milliseconds\".", &fault_point_setting,
                               "", PGC_SUSET, 0, nullptr, nullptr, nullptr);
}

void FaultPoint(const char* name) {
    if (fault_point_setting == nullptr || fault_point_setting[0] == '\0') return;
    size_t length = strlen(name);
    if (strncmp(fault_point_setting, name, length) != 0 || fault_point_setting[length] != ':') return;
    const char* action = fault_point_setting + length + 1;
    if (strcmp(action, "error") == 0)
        ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("fault point \"%s\" raised", name)));
    if (strcmp(action, "exit") == 0) _exit(2);
    if (strncmp(action, "sleep=", 6) == 0) pg_usleep(atol(action + 6) * 1000L);
}

}  // namespace herd::postgres

#endif
