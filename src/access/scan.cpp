#include "access/scan.h"

#include "access/analyze_sample.h"
#include "access/ddl_mode.h"
#include "access/shell_checks.h"
#include "catalog/metadata.h"
#include "executor/tasks/gather.h"

extern "C" {
#include <access/parallel.h>
#include <access/tableam.h>
#include <utils/rel.h>
#include <utils/snapmgr.h>
}

namespace herd::access {

struct ShellScan {
    TableScanDescData base;
    MemoryContext context;     // of the gather; a child of the context in which the scan began
    executor::Gather* gather;  // begun with the first row
    bool yields_nothing;
    AnalyzeSample sample;  // ANALYZE's
};

static void CheckScanKind(Relation shell, uint32 flags, int key_count) {
    if (flags & SO_TYPE_SAMPLESCAN) RaiseShellOperation(shell, "TABLESAMPLE");
    if (flags & (SO_TYPE_TIDSCAN | SO_TYPE_TIDRANGESCAN)) RaiseShellOperation(shell, "scan by ctid");
    if ((flags & SO_TYPE_BITMAPSCAN) || key_count > 0) RaiseShellOperation(shell, "index scan");
}

TableScanDesc BeginShellScan(Relation shell, Snapshot snapshot, int key_count, ParallelTableScanDesc parallel,
                             uint32 flags) {
    // A worker that builds an index was started by a leader which found the DDL mode on.
    bool empty = CurrentDdlMode() == DdlMode::kEmptyScans || (parallel != nullptr && IsParallelWorker());
    if (!empty) {
        CheckLibraryPreloaded();
        CheckScanKind(shell, flags, key_count);
        CheckDistributed(shell);
    }
    RelationIncrementReferenceCount(shell);
    auto scan = static_cast<ShellScan*>(palloc0(sizeof(ShellScan)));
    scan->base.rs_rd = shell;
    scan->base.rs_snapshot = snapshot;
    scan->base.rs_flags = flags;
    scan->base.rs_parallel = parallel;
    scan->yields_nothing = empty;
    // Rows are fetched in contexts that live for one row only.
    scan->context = AllocSetContextCreate(CurrentMemoryContext, "herd shell scan", ALLOCSET_SMALL_SIZES);
    return &scan->base;
}

static void BeginShellGather(ShellScan* scan) {
    MemoryContext caller = MemoryContextSwitchTo(scan->context);
    if (scan->base.rs_flags & SO_TYPE_ANALYZE) {
        scan->sample = BeginAnalyzeSample(scan->base.rs_rd);
        scan->gather = scan->sample.gather;
    } else {
        scan->gather = executor::BeginTableGather(RelationGetRelid(scan->base.rs_rd));
    }
    MemoryContextSwitchTo(caller);
}

static void EndShellGather(ShellScan* scan) {
    if (scan->gather != nullptr) executor::EndGather(scan->gather);
    scan->gather = nullptr;
    MemoryContextReset(scan->context);
}

void RescanShell(TableScanDesc base) { EndShellGather(reinterpret_cast<ShellScan*>(base)); }

// Rows as of the scan's snapshot: ALTER TABLE reads with a later one than its statement's, which was taken before its
// lock. Tasks of the own node take the active snapshot.
static bool NextGatheredRow(ShellScan* scan, TupleTableSlot* slot) {
    Snapshot snapshot = scan->base.rs_snapshot;
    bool push =
        snapshot != nullptr && IsMVCCSnapshot(snapshot) && (!ActiveSnapshotSet() || GetActiveSnapshot() != snapshot);
    if (push) PushActiveSnapshot(snapshot);
    if (scan->gather == nullptr) BeginShellGather(scan);
    bool found = executor::GatherNext(scan->gather, slot);
    if (push) PopActiveSnapshot();
    return found;
}

bool NextShellRow(TableScanDesc base, ScanDirection direction, TupleTableSlot* slot) {
    auto scan = reinterpret_cast<ShellScan*>(base);
    ExecClearTuple(slot);
    if (scan->yields_nothing) return false;
    if (ScanDirectionIsBackward(direction)) RaiseShellOperation(base->rs_rd, "backward scan");
    if (base->rs_parallel != nullptr) RaiseShellOperation(base->rs_rd, "parallel scan");
    if (!NextGatheredRow(scan, slot)) return false;
    slot->tts_tableOid = RelationGetRelid(base->rs_rd);
    ItemPointerSetInvalid(&slot->tts_tid);
    return true;
}

void EndShellScan(TableScanDesc base) {
    auto scan = reinterpret_cast<ShellScan*>(base);
    EndShellGather(scan);
    MemoryContextDelete(scan->context);
    RelationDecrementReferenceCount(base->rs_rd);
    if (base->rs_flags & SO_TEMP_SNAPSHOT) UnregisterSnapshot(base->rs_snapshot);
    pfree(scan);
}

bool NextAnalyzeRow(TableScanDesc base, double* live_rows, TupleTableSlot* slot) {
    if (!NextShellRow(base, ForwardScanDirection, slot)) return false;
    const AnalyzeSample& sample = reinterpret_cast<ShellScan*>(base)->sample;
    *live_rows = sample.table_rows >= 0 ? sample.table_rows : *live_rows + sample.rows_per_row;
    return true;
}

}  // namespace herd::access
