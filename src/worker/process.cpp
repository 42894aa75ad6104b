#include "worker/process.h"

extern "C" {
#include <miscadmin.h>
#include <postmaster/bgworker.h>
#include <postmaster/interrupt.h>
#include <storage/ipc.h>
#include <storage/latch.h>
#include <tcop/tcopprot.h>
#include <utils/guc.h>
#include <utils/wait_event.h>
}

namespace herd::worker {

void PrepareProcess() {
    pqsignal(SIGHUP, SignalHandlerForConfigReload);
    pqsignal(SIGTERM, die);
    BackgroundWorkerUnblockSignals();
}

void ServeSignals() {
    // Quietly, where an interrupt would log a FATAL. Not 0, which says: never again.
    if (ProcDiePending) proc_exit(1);
    if (ConfigReloadPending) {
        ConfigReloadPending = false;
        ProcessConfigFile(PGC_SIGHUP);
    }
    CHECK_FOR_INTERRUPTS();
}

void WaitForSignals(long milliseconds) {
    WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, milliseconds, PG_WAIT_EXTENSION);
    ResetLatch(MyLatch);
}

}  // namespace herd::worker
