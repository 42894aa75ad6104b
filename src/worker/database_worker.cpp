// The process of one database: it does the duties, until the database is no coordinator's any more or is needed without
// sessions.
#include "catalog/metadata.h"
#include "postgres/entry.h"
#include "postgres/error.h"
#include "worker/database_slots.h"
#include "worker/duties.h"
#include "worker/process.h"
#include "worker/settings.h"

extern "C" {
#include <access/xact.h>
#include <miscadmin.h>
#include <pgstat.h>
#include <postmaster/bgworker.h>
#include <storage/ipc.h>
#include <utils/guc.h>
#include <utils/memutils.h>
#include <utils/snapmgr.h>
}

namespace herd::worker {

namespace {

void LookForNodes(void* argument) {
    StartTransactionCommand();
    PushActiveSnapshot(GetTransactionSnapshot());
    catalog::AcceptMetadataChanges();
    int count = 0;
    if (OidIsValid(catalog::HerdAccessMethod())) catalog::AllNodes(&count);
    *static_cast<bool*>(argument) = count > 1;
    PopActiveSnapshot();
    CommitTransactionCommand();
}

// Is this database a coordinator's, with other nodes? If that can't be told now, the duties will fail likewise, say so, and be
// tried again.
bool IsNeeded() {
    bool needed = false;
    MemoryContextSwitchTo(TopMemoryContext);
    ErrorData* error = postgres::CatchError(LookForNodes, &needed);
    MemoryContextSwitchTo(TopMemoryContext);
    if (error == nullptr) return needed;
    HOLD_INTERRUPTS();
    AbortOutOfAnyTransaction();
    RESUME_INTERRUPTS();
    FreeErrorData(error);
    return true;
}

// The database's own settings must not matter: users own those.
void SetSettings() {
    SetConfigOption("search_path", "pg_catalog", PGC_SUSET, PGC_S_OVERRIDE);
    SetConfigOption("default_transaction_read_only", "off", PGC_SUSET, PGC_S_OVERRIDE);
    SetConfigOption("default_transaction_isolation", "read committed", PGC_SUSET, PGC_S_OVERRIDE);
    SetConfigOption("role", "none", PGC_SUSET, PGC_S_OVERRIDE);
    SetConfigOption("lock_timeout", "10s", PGC_SUSET, PGC_S_OVERRIDE);
}

void RunWorker() {
    for (;;) {
        ServeSignals();
        if (IsPaused() || !background_workers) proc_exit(0);
        // Taken before looking: what is asked for from now on starts the process again if it ends.
        uint32 requests = TakeRequests();
        if (!IsNeeded()) {
            NoteNotNeeded();
            proc_exit(0);
        }
        WaitForSignals(RunDueDuties(requests));
    }
}

}  // namespace

extern "C" {

PGDLLEXPORT void HerdWorkerMain(Datum database) {
    postgres::Enter([&]() {
        PrepareProcess();
        BackgroundWorkerInitializeConnectionByOid(DatumGetObjectId(database), InvalidOid, 0);
        if (!AttachSlot(DatumGetObjectId(database))) proc_exit(0);
        SetSettings();
        pgstat_report_activity(STATE_IDLE, nullptr);
        RunWorker();
    });
}
}

}  // namespace herd::worker
