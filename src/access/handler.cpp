// The routine table of access method herd: one thin line for each callback.
#include "access/ddl_mode.h"
#include "access/scan.h"
#include "access/shell_checks.h"
#include "access/storage.h"
#include "executor/writes/placed_rows.h"
#include "executor/writes/row_changes.h"
#include "postgres/entry.h"

extern "C" {
#include <catalog/index.h>
#include <access/multixact.h>
#include <access/tableam.h>
#include <catalog/pg_am_d.h>
#include <utils/rel.h>
}

namespace herd::access {

using postgres::Enter;

static void CheckInsert(Relation shell) {
    // ALTER TABLE … SET ACCESS METHOD herd by our own command: the rows are in the shards already.
    if (CurrentDdlMode() == DdlMode::kEmptyScans) return;
    RaiseShellOperation(shell, "local insert");
}

extern "C" {

static const TupleTableSlotOps* HerdSlotCallbacks(Relation) { return &TTSOpsVirtual; }

static TableScanDesc HerdScanBegin(Relation rel, Snapshot snapshot, int nkeys, ScanKeyData*,
                                   ParallelTableScanDesc pscan, uint32 flags) {
    return Enter([&] { return BeginShellScan(rel, snapshot, nkeys, pscan, flags); });
}

static void HerdScanEnd(TableScanDesc scan) {
    Enter([&] { EndShellScan(scan); });
}

static void HerdScanRescan(TableScanDesc scan, ScanKeyData*, bool, bool, bool, bool) {
    Enter([&] { RescanShell(scan); });
}

static bool HerdScanGetnextslot(TableScanDesc scan, ScanDirection direction, TupleTableSlot* slot) {
    return Enter([&] { return NextShellRow(scan, direction, slot); });
}

static Size HerdParallelscanEstimate(Relation) { return sizeof(ParallelTableScanDescData); }

static Size HerdParallelscanInitialize(Relation rel, ParallelTableScanDesc pscan) {
    pscan->phs_relid = RelationGetRelid(rel);
    pscan->phs_syncscan = false;
    return sizeof(ParallelTableScanDescData);
}

static void HerdParallelscanReinitialize(Relation, ParallelTableScanDesc) {}

static IndexFetchTableData* HerdIndexFetchBegin(Relation rel) {
    return Enter([&]() -> IndexFetchTableData* { RaiseShellOperation(rel, "index scan"); });
}

static void HerdIndexFetchReset(IndexFetchTableData*) {}
static void HerdIndexFetchEnd(IndexFetchTableData*) {}

static bool HerdIndexFetchTuple(IndexFetchTableData* scan, ItemPointer, Snapshot, TupleTableSlot*, bool*, bool*) {
    return Enter([&]() -> bool { RaiseShellOperation(scan->rel, "index scan"); });
}

static bool HerdTupleFetchRowVersion(Relation rel, ItemPointer place, Snapshot, TupleTableSlot* slot) {
    return Enter([&] { return executor::FetchPlacedRow(rel, place, slot); });
}

static bool HerdTupleTidValid(TableScanDesc, ItemPointer) { return false; }

static void HerdTupleGetLatestTid(TableScanDesc scan, ItemPointer) {
    Enter([&] { RaiseShellOperation(scan->rs_rd, "scan by ctid"); });
}

static bool HerdTupleSatisfiesSnapshot(Relation rel, TupleTableSlot*, Snapshot) {
    return Enter([&]() -> bool { RaiseShellOperation(rel, "visibility check"); });
}

static TransactionId HerdIndexDeleteTuples(Relation rel, TM_IndexDeleteOp*) {
    return Enter([&]() -> TransactionId { RaiseShellOperation(rel, "index clean-up"); });
}

static void HerdTupleInsert(Relation rel, TupleTableSlot* slot, CommandId, int, BulkInsertStateData*) {
    Enter([&] {
        if (!executor::InsertPlacedRow(rel, slot)) CheckInsert(rel);
    });
}

static void HerdTupleInsertSpeculative(Relation rel, TupleTableSlot*, CommandId, int, BulkInsertStateData*, uint32) {
    Enter([&] { RaiseShellOperation(rel, "local insert"); });
}

static void HerdTupleCompleteSpeculative(Relation rel, TupleTableSlot*, uint32, bool) {
    Enter([&] { RaiseShellOperation(rel, "local insert"); });
}

static void HerdMultiInsert(Relation rel, TupleTableSlot**, int, CommandId, int, BulkInsertStateData*) {
    Enter([&] { CheckInsert(rel); });
}

static TM_Result HerdTupleDelete(Relation rel, ItemPointer place, CommandId command, Snapshot, Snapshot, bool,
                                 TM_FailureData* failure, bool) {
    return Enter([&] { return executor::DeletePlacedRow(rel, place, command, failure); });
}

static TM_Result HerdTupleUpdate(Relation rel, ItemPointer place, TupleTableSlot* slot, CommandId command, Snapshot,
                                 Snapshot, bool, TM_FailureData* failure, LockTupleMode* mode, bool* update_indexes) {
    *update_indexes = false;
    return Enter([&] { return executor::UpdatePlacedRow(rel, place, slot, command, failure, mode); });
}

static TM_Result HerdTupleLock(Relation rel, ItemPointer place, Snapshot snapshot, TupleTableSlot* slot, CommandId,
                               LockTupleMode mode, LockWaitPolicy wait_policy, uint8, TM_FailureData* failure) {
    return Enter([&] { return executor::LockPlacedRow(rel, place, snapshot, slot, mode, wait_policy, failure); });
}

static void HerdRelationSetNewFilenode(Relation rel, const RelFileNode* newrnode, char persistence,
                                       TransactionId* freeze_xid, MultiXactId* minmulti) {
    *freeze_xid = InvalidTransactionId;
    *minmulti = InvalidMultiXactId;
    Enter([&] { CreateShellStorage(rel, newrnode, persistence); });
}

static void HerdRelationNontransactionalTruncate(Relation rel) {
    Enter([&] { TruncateShellStorage(rel); });
}

static void HerdRelationCopyData(Relation rel, const RelFileNode*) {
    Enter([&] { RaiseShellOperation(rel, "SET TABLESPACE"); });
}

// VACUUM FULL of a whole database: a shell has nothing to copy. What is known of its rows stays.
static void HerdRelationCopyForCluster(Relation old_rel, Relation, Relation, bool, TransactionId, TransactionId*,
                                       MultiXactId*, double* num_tuples, double*, double*) {
    *num_tuples = Max(old_rel->rd_rel->reltuples, 0);
}

static void HerdRelationVacuum(Relation rel, VacuumParams*, BufferAccessStrategy) {
    Enter([&] { VacuumShell(rel); });
}

static bool HerdScanAnalyzeNextBlock(TableScanDesc, BlockNumber, BufferAccessStrategy) { return true; }

static bool HerdScanAnalyzeNextTuple(TableScanDesc scan, TransactionId, double* liverows, double*,
                                     TupleTableSlot* slot) {
    return Enter([&] { return NextAnalyzeRow(scan, liverows, slot); });
}

static double HerdIndexBuildRangeScan(Relation table_rel, Relation index_rel, IndexInfo*, bool, bool, bool, BlockNumber,
                                      BlockNumber, IndexBuildCallback, void*, TableScanDesc scan) {
    return Enter([&] {
        // REINDEX of a whole database or schema.
        if (!ReindexIsProcessingIndex(RelationGetRelid(index_rel))) CheckIndexBuild(table_rel);
        if (scan != nullptr) table_endscan(scan);
        // What pg_class says of the table from now on; an index of its own has nothing to say.
        return Max(static_cast<double>(table_rel->rd_rel->reltuples), 0.0);
    });
}

static void HerdIndexValidateScan(Relation table_rel, Relation, IndexInfo*, Snapshot, ValidateIndexState*) {
    Enter([&] { CheckIndexBuild(table_rel); });
}

static uint64 HerdRelationSize(Relation rel, ForkNumber fork_number) {
    if (fork_number != MAIN_FORKNUM && fork_number != InvalidForkNumber) return 0;
    return Enter([&] { return ShellSize(rel); });
}

static bool HerdRelationNeedsToastTable(Relation rel) {
    return CurrentDdlMode() == DdlMode::kRealScans && GetHeapamTableAmRoutine()->relation_needs_toast_table(rel);
}

static Oid HerdRelationToastAm(Relation) { return HEAP_TABLE_AM_OID; }

static void HerdRelationEstimateSize(Relation rel, int32* attr_widths, BlockNumber* pages, double* tuples,
                                     double* allvisfrac) {
    Enter([&] { EstimateShellSize(rel, attr_widths, pages, tuples, allvisfrac); });
}

static bool HerdScanSampleNextBlock(TableScanDesc scan, SampleScanState*) {
    return Enter([&]() -> bool { RaiseShellOperation(scan->rs_rd, "TABLESAMPLE"); });
}

static bool HerdScanSampleNextTuple(TableScanDesc scan, SampleScanState*, TupleTableSlot*) {
    return Enter([&]() -> bool { RaiseShellOperation(scan->rs_rd, "TABLESAMPLE"); });
}
}

// Without the callbacks of bitmap and ctid range scans the planner makes no such paths.
static const TableAmRoutine kHerdRoutine = {
    .type = T_TableAmRoutine,
    .slot_callbacks = HerdSlotCallbacks,
    .scan_begin = HerdScanBegin,
    .scan_end = HerdScanEnd,
    .scan_rescan = HerdScanRescan,
    .scan_getnextslot = HerdScanGetnextslot,
    .scan_set_tidrange = nullptr,
    .scan_getnextslot_tidrange = nullptr,
    .parallelscan_estimate = HerdParallelscanEstimate,
    .parallelscan_initialize = HerdParallelscanInitialize,
    .parallelscan_reinitialize = HerdParallelscanReinitialize,
    .index_fetch_begin = HerdIndexFetchBegin,
    .index_fetch_reset = HerdIndexFetchReset,
    .index_fetch_end = HerdIndexFetchEnd,
    .index_fetch_tuple = HerdIndexFetchTuple,
    .tuple_fetch_row_version = HerdTupleFetchRowVersion,
    .tuple_tid_valid = HerdTupleTidValid,
    .tuple_get_latest_tid = HerdTupleGetLatestTid,
    .tuple_satisfies_snapshot = HerdTupleSatisfiesSnapshot,
    .index_delete_tuples = HerdIndexDeleteTuples,
    .tuple_insert = HerdTupleInsert,
    .tuple_insert_speculative = HerdTupleInsertSpeculative,
    .tuple_complete_speculative = HerdTupleCompleteSpeculative,
    .multi_insert = HerdMultiInsert,
    .tuple_delete = HerdTupleDelete,
    .tuple_update = HerdTupleUpdate,
    .tuple_lock = HerdTupleLock,
    .finish_bulk_insert = nullptr,
    .relation_set_new_filenode = HerdRelationSetNewFilenode,
    .relation_nontransactional_truncate = HerdRelationNontransactionalTruncate,
    .relation_copy_data = HerdRelationCopyData,
    .relation_copy_for_cluster = HerdRelationCopyForCluster,
    .relation_vacuum = HerdRelationVacuum,
    .scan_analyze_next_block = HerdScanAnalyzeNextBlock,
    .scan_analyze_next_tuple = HerdScanAnalyzeNextTuple,
    .index_build_range_scan = HerdIndexBuildRangeScan,
    .index_validate_scan = HerdIndexValidateScan,
    .relation_size = HerdRelationSize,
    .relation_needs_toast_table = HerdRelationNeedsToastTable,
    .relation_toast_am = HerdRelationToastAm,
    .relation_fetch_toast_slice = nullptr,
    .relation_estimate_size = HerdRelationEstimateSize,
    .scan_bitmap_next_block = nullptr,
    .scan_bitmap_next_tuple = nullptr,
    .scan_sample_next_block = HerdScanSampleNextBlock,
    .scan_sample_next_tuple = HerdScanSampleNextTuple,
};

}  // namespace herd::access

HERD_FUNCTION(herd_table_access_handler) {
    (void)fcinfo;
    PG_RETURN_POINTER(&herd::access::kHerdRoutine);
}
