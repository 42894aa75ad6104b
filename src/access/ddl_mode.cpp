#include "access/ddl_mode.h"

#include "postgres/entry.h"

extern "C" {
#include <access/xact.h>
}

namespace herd::access {

static DdlMode current_mode = DdlMode::kNone;
static int begin_level;         // nesting level of the (sub)transaction that began the mode
static List* truncated_shells;  // Oids, in TopTransactionContext
static bool callbacks_registered;
static bool library_preloaded;

static void ForgetMode() {
    current_mode = DdlMode::kNone;
    truncated_shells = NIL;
}

extern "C" {

static void DdlModeTransactionEnd(XactEvent, void*) { ForgetMode(); }

static void DdlModeSubtransactionEnd(SubXactEvent event, SubTransactionId, SubTransactionId, void*) {
    if (event != SUBXACT_EVENT_ABORT_SUB && event != SUBXACT_EVENT_COMMIT_SUB) return;
    if (current_mode != DdlMode::kNone && GetCurrentTransactionNestLevel() <= begin_level) ForgetMode();
}
}

static void EnsureCallbacks() {
    if (callbacks_registered) return;
    RegisterXactCallback(DdlModeTransactionEnd, nullptr);
    RegisterSubXactCallback(DdlModeSubtransactionEnd, nullptr);
    callbacks_registered = true;
}

void BeginDdlMode(DdlMode mode) {
    if (current_mode != DdlMode::kNone) elog(ERROR, "a distributed table is being changed already");
    EnsureCallbacks();
    current_mode = mode;
    begin_level = GetCurrentTransactionNestLevel();
    truncated_shells = NIL;
}

void EndDdlMode() { ForgetMode(); }

DdlMode CurrentDdlMode() { return current_mode; }

void RecordTruncatedShell(Oid relid) {
    MemoryContext caller = MemoryContextSwitchTo(TopTransactionContext);
    truncated_shells = list_append_unique_oid(truncated_shells, relid);
    MemoryContextSwitchTo(caller);
}

List* TakeTruncatedShells() {
    List* taken = list_copy(truncated_shells);
    truncated_shells = NIL;
    return taken;
}

void SetLibraryPreloaded() { library_preloaded = true; }
bool IsLibraryPreloaded() { return library_preloaded; }

}  // namespace herd::access
