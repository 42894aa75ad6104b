#include "access/storage.h"

#include "access/analyze_sample.h"
#include "access/ddl_mode.h"
#include "access/shard_totals.h"
#include "access/shell_checks.h"
#include "base/sqlstates.h"
#include "catalog/metadata.h"

extern "C" {
#include <access/htup_details.h>
#include <access/multixact.h>
#include <access/parallel.h>
#include <catalog/pg_class.h>
#include <catalog/storage.h>
#include <catalog/storage_xlog.h>
#include <commands/vacuum.h>
#include <optimizer/plancat.h>
#include <pgstat.h>
#include <storage/procarray.h>
#include <storage/smgr.h>
#include <utils/rel.h>
}

namespace herd::access {

// Of a shell that was never analyzed.
static constexpr double kDefaultRows = 10000;

static BlockNumber CappedPages(double pages) {
    return static_cast<BlockNumber>(Min(pages, static_cast<double>(MaxBlockNumber)));
}

static void CheckShellKind(Relation shell, char persistence) {
    if (shell->rd_rel->relkind != RELKIND_RELATION)
        ereport(ERROR, (errcode(kFeatureNotSupported), errmsg("access method \"herd\" is for tables only"),
                        errdetail("\"%s\" is a materialized view.", RelationGetRelationName(shell)),
                        errhint("Use access method \"heap\".")));
    if (persistence == RELPERSISTENCE_TEMP)
        ereport(ERROR, (errcode(kFeatureNotSupported), errmsg("temporary tables can't be distributed"),
                        errdetail("The nodes of the cluster would not see this session's temporary schema."),
                        errhint("Use access method \"heap\".")));
}

static void CheckReplacesStorage(Relation shell) {
    if (CurrentDdlMode() == DdlMode::kNone) RaiseShellOperation(shell, "direct TRUNCATE");
    RecordTruncatedShell(RelationGetRelid(shell));
}

void CreateShellStorage(Relation shell, const RelFileNode* node, char persistence) {
    CheckShellKind(shell, persistence);
    if (!RelFileNodeEquals(shell->rd_node, *node)) CheckReplacesStorage(shell);
    SMgrRelation storage = RelationCreateStorage(*node, persistence, true);
    if (persistence == RELPERSISTENCE_UNLOGGED) {
        smgrcreate(storage, INIT_FORKNUM, false);
        log_smgrcreate(node, INIT_FORKNUM);
        smgrimmedsync(storage, INIT_FORKNUM);
    }
    smgrclose(storage);
}

void TruncateShellStorage(Relation shell) { CheckReplacesStorage(shell); }

void VacuumShell(Relation shell) {
    if (catalog::FindTable(RelationGetRelid(shell)) == nullptr) return;
    ShardTotals totals = AskShardTotals(shell);
    double rows = totals.rows >= 0 ? totals.rows : shell->rd_rel->reltuples;
    bool has_age = TransactionIdIsNormal(shell->rd_rel->relfrozenxid);
    TransactionId frozen = has_age ? GetOldestNonRemovableTransactionId(shell) : InvalidTransactionId;
    MultiXactId oldest = has_age ? GetOldestMultiXactId() : InvalidMultiXactId;
    bool frozen_updated, multi_updated;
    vac_update_relstats(shell, CappedPages(totals.pages), rows, 0, shell->rd_rel->relhasindex, frozen, oldest,
                        &frozen_updated, &multi_updated, false);
    // Dead rows are in the shards, and not counted here.
    pgstat_report_vacuum(RelationGetRelid(shell), false, static_cast<PgStat_Counter>(Max(rows, 0)), 0);
}

uint64 ShellSize(Relation shell) {
    if (CurrentDdlMode() != DdlMode::kNone || IsParallelWorker())
        return static_cast<uint64>(shell->rd_rel->relpages) * BLCKSZ;
    // Without progress reports nobody knows what ANALYZE is about to do.
    if (IsAnalyzing(shell) || !pgstat_track_activities) return BLCKSZ;
    if (catalog::FindTable(RelationGetRelid(shell)) == nullptr) return 0;
    return static_cast<uint64>(CappedPages(AskShardTotals(shell).pages)) * BLCKSZ;
}

void CheckIndexBuild(Relation shell) {
    if (CurrentDdlMode() == DdlMode::kEmptyScans || IsParallelWorker()) return;
    if (shell->rd_createSubid != InvalidSubTransactionId && catalog::FindTable(RelationGetRelid(shell)) == nullptr)
        return;  // CREATE TABLE … PRIMARY KEY … USING herd: nothing is in it yet
    RaiseShellOperation(shell, "local index build");
}

void EstimateShellSize(Relation shell, int32* attribute_widths, BlockNumber* pages, double* rows,
                       double* all_visible_fraction) {
    *all_visible_fraction = 0;
    *rows = shell->rd_rel->reltuples >= 0 ? shell->rd_rel->reltuples : kDefaultRows;
    double bytes = *rows * (get_rel_data_width(shell, attribute_widths) + SizeofHeapTupleHeader + sizeof(ItemIdData));
    // No pages while DDL runs: parallel workers of an index build would not know of the mode.
    bool in_ddl = CurrentDdlMode() != DdlMode::kNone;
    *pages = in_ddl ? 0 : CappedPages(bytes / BLCKSZ + 1);
}

}  // namespace herd::access
