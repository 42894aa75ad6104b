#include "worker/settings.h"

#include "postgres/pg.h"

extern "C" {
#include <utils/guc.h>
}

namespace herd::worker {

bool background_workers = true;

void RegisterWorkerSettings() {
    DefineCustomBoolVariable("herd.background_workers", "Runs a background worker for each coordinator's database.",
                             "It finishes transactions that a crash or a lost connection left prepared on nodes.",
                             &background_workers, true, PGC_SIGHUP, 0, nullptr, nullptr, nullptr);
}

}  // namespace herd::worker
