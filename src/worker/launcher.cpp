// At its start it has every database looked at: only a process in the database can know whether it is a coordinator's.
// Such a worker says so and ends, or stays. Afterwards those are started that somebody asks for or that failed.
#include "worker/launcher.h"

#include "postgres/entry.h"
#include "worker/database_slots.h"
#include "worker/duties.h"
#include "worker/process.h"
#include "worker/settings.h"

extern "C" {
#include <access/heapam.h>
#include <access/htup_details.h>
#include <access/table.h>
#include <access/tableam.h>
#include <access/xact.h>
#include <catalog/pg_database.h>
#include <miscadmin.h>
#include <postmaster/bgworker.h>
#include <storage/ipc.h>
#include <utils/memutils.h>
#include <utils/timestamp.h>
}

namespace herd::worker {

namespace {

constexpr int kMaxStarting = 2;  // at a time: the processes are shared with parallel queries
constexpr long kIdleMilliseconds = 60000;

BackgroundWorkerHandle* handles[kSlotCount];  // of the processes that are starting

// ---- databases ----

List* ListDatabases() {
    List* databases = NIL;
    StartTransactionCommand();
    MemoryContext transaction = MemoryContextSwitchTo(TopMemoryContext);
    Relation relation = table_open(DatabaseRelationId, AccessShareLock);
    TableScanDesc scan = table_beginscan_catalog(relation, 0, nullptr);
    for (HeapTuple tuple = heap_getnext(scan, ForwardScanDirection); HeapTupleIsValid(tuple);
         tuple = heap_getnext(scan, ForwardScanDirection)) {
        auto* database = reinterpret_cast<Form_pg_database>(GETSTRUCT(tuple));
        // A template must be free of sessions, so that it can be copied, and is nobody's coordinator.
        if (database->datallowconn && !database->datistemplate) databases = lappend_oid(databases, database->oid);
    }
    table_endscan(scan);
    table_close(relation, AccessShareLock);
    MemoryContextSwitchTo(transaction);
    CommitTransactionCommand();
    return databases;
}

// Asks for a look at all databases; those without a slot are left in the list.
List* RequestAll(List* databases) {
    List* left = NIL;
    LockShared();
    ListCell* cell;
    foreach (cell, databases) {
        DatabaseSlot* slot = EnsureSlot(lfirst_oid(cell));
        if (slot != nullptr)
            slot->requests |= AllDuties();
        else
            left = lappend_oid(left, lfirst_oid(cell));
    }
    UnlockShared();
    list_free(databases);
    return left;
}

void ForgetDropped() {
    List* databases = ListDatabases();
    LockShared();
    for (DatabaseSlot& slot : Shared()->slots)
        if (OidIsValid(slot.database) && slot.pid == 0 && !slot.starting && slot.paused_by == 0 &&
            !list_member_oid(databases, slot.database))
            slot = {};
    UnlockShared();
    list_free(databases);
}

// ---- processes ----

// A process that ended without having attached could not connect.
void NoteEnded(DatabaseSlot* slot, int index) {
    pid_t pid;
    if (handles[index] == nullptr || GetBackgroundWorkerPid(handles[index], &pid) != BGWH_STOPPED) return;
    pfree(handles[index]);
    handles[index] = nullptr;
    if (!slot->starting) return;
    slot->starting = false;
    slot->not_before = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), kRetryMilliseconds);
}

bool NeedsProcess(const DatabaseSlot* slot) {
    return OidIsValid(slot->database) && (slot->wanted || slot->requests != 0) && slot->pid == 0 && !slot->starting &&
           slot->paused_by == 0;
}

BackgroundWorkerHandle* StartProcess(Oid database) {
    BackgroundWorker process = {};
    process.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
    process.bgw_start_time = BgWorkerStart_RecoveryFinished;
    process.bgw_restart_time = BGW_NEVER_RESTART;
    strlcpy(process.bgw_library_name, "herd", BGW_MAXLEN);
    strlcpy(process.bgw_function_name, "HerdWorkerMain", BGW_MAXLEN);
    snprintf(process.bgw_name, BGW_MAXLEN, "herd worker for database %u", database);
    strlcpy(process.bgw_type, "herd worker", BGW_MAXLEN);
    process.bgw_main_arg = ObjectIdGetDatum(database);
    process.bgw_notify_pid = MyProcPid;
    BackgroundWorkerHandle* handle = nullptr;
    MemoryContext caller = MemoryContextSwitchTo(TopMemoryContext);
    bool registered = RegisterDynamicBackgroundWorker(&process, &handle);
    MemoryContextSwitchTo(caller);
    return registered ? handle : nullptr;
}

void WarnOfNoProcess() {
    static bool warned = false;
    if (warned) return;
    warned = true;
    ereport(WARNING, (errmsg("herd launcher: no background worker process is free"),
                      errhint("Increase max_worker_processes: each coordinator's database needs one.")));
}

// False if there was no process for it.
bool StartWorker(int index) {
    LockShared();
    DatabaseSlot* slot = &Shared()->slots[index];
    bool start = NeedsProcess(slot);
    Oid database = slot->database;
    // Before it is asked for, so that who pauses the database waits for it.
    if (start) slot->starting = slot->wanted = true;
    UnlockShared();
    if (!start) return true;
    handles[index] = StartProcess(database);
    if (handles[index] != nullptr) return true;
    LockShared();
    slot->starting = false;
    UnlockShared();
    WarnOfNoProcess();
    return false;
}

// Starts what is needed, a few at a time; returns how long to wait if nobody wakes us, in milliseconds.
long StartWorkers() {
    int candidates[kSlotCount];
    int candidate_count = 0;
    int starting = 0;
    long wait = kIdleMilliseconds;
    LockShared();
    for (int i = 0; i < kSlotCount; i++) {
        DatabaseSlot* slot = &Shared()->slots[i];
        NoteEnded(slot, i);
        starting += slot->starting ? 1 : 0;
        if (!NeedsProcess(slot)) continue;
        long milliseconds = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), slot->not_before);
        if (milliseconds == 0)
            candidates[candidate_count++] = i;
        else
            wait = Min(wait, milliseconds);
    }
    UnlockShared();
    if (candidate_count > 0) ForgetDropped();
    for (int i = 0; i < candidate_count && starting < kMaxStarting; i++, starting++)
        if (!StartWorker(candidates[i])) return kRetryMilliseconds;
    return wait;
}

// ---- the process ----

// What an earlier launcher had asked for is not known any more: such a process finds its slot taken, or takes it.
void AttachLauncher() {
    LockShared();
    Shared()->launcher = MyLatch;
    Shared()->list_databases = true;
    for (DatabaseSlot& slot : Shared()->slots) slot.starting = false;
    UnlockShared();
}

bool TakeListRequest() {
    LockShared();
    bool requested = Shared()->list_databases;
    Shared()->list_databases = false;
    UnlockShared();
    return requested;
}

void RunLauncher() {
    AttachLauncher();
    List* unseen = NIL;
    for (;;) {
        ServeSignals();
        long wait = kIdleMilliseconds;
        if (background_workers) {
            if (TakeListRequest()) unseen = list_concat_unique_oid(unseen, ListDatabases());
            if (unseen != NIL) unseen = RequestAll(unseen);
            wait = unseen == NIL ? StartWorkers() : Min(StartWorkers(), kRetryMilliseconds);
        }
        WaitForSignals(wait);
    }
}

}  // namespace

extern "C" {

static void HerdLauncherDetach(int, Datum) {
    postgres::Enter([]() {
        LockShared();
        Shared()->launcher = nullptr;
        UnlockShared();
    });
}

PGDLLEXPORT void HerdLauncherMain(Datum) {
    postgres::Enter([]() {
        PrepareProcess();
        BackgroundWorkerInitializeConnection(nullptr, nullptr, 0);
        before_shmem_exit(HerdLauncherDetach, 0);
        RunLauncher();
    });
}

static void HerdWorkerTransactionEvent(XactEvent event, void*) {
    if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE) return;
    RequestNoted(event == XACT_EVENT_COMMIT);
    ResumeWorkers();
}
}

void RegisterBackgroundProcesses() {
    RegisterSlots();
    RegisterWorkerSettings();
    RegisterXactCallback(HerdWorkerTransactionEvent, nullptr);
    if (IsBinaryUpgrade) return;
    BackgroundWorker process = {};
    process.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
    process.bgw_start_time = BgWorkerStart_RecoveryFinished;
    process.bgw_restart_time = 5;
    strlcpy(process.bgw_library_name, "herd", BGW_MAXLEN);
    strlcpy(process.bgw_function_name, "HerdLauncherMain", BGW_MAXLEN);
    strlcpy(process.bgw_name, "herd launcher", BGW_MAXLEN);
    strlcpy(process.bgw_type, "herd launcher", BGW_MAXLEN);
    RegisterBackgroundWorker(&process);
}

}  // namespace herd::worker
