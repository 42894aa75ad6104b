#include "executor/snapshots/table_age.h"

extern "C" {
#include <access/xact.h>
#include <utils/lsyscache.h>
#include <utils/snapmgr.h>
}

namespace herd::executor {

constexpr AclMode kReads = ACL_SELECT | ACL_UPDATE | ACL_DELETE;

void CheckIsSeen(const catalog::DistributedTable* table, Snapshot snapshot) {
    if (!IsolationUsesXactSnapshot() || snapshot == InvalidSnapshot || snapshot->snapshot_type != SNAPSHOT_MVCC) return;
    TransactionId distributed_by = table->distributed_by;
    if (TransactionIdIsCurrentTransactionId(distributed_by) || !XidInMVCCSnapshot(distributed_by, snapshot)) return;
    ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
                    errmsg("could not serialize access due to a table that was distributed"),
                    errdetail("The rows of \"%s\" were moved after the transaction took its snapshot.",
                              get_rel_name(table->relid)),
                    errhint("Try the transaction again.")));
}

void CheckTablesAreSeen(const QueryDesc* query_desc) {
    if (!IsolationUsesXactSnapshot()) return;
    ListCell* cell;
    foreach (cell, query_desc->plannedstmt->rtable) {
        const RangeTblEntry* rte = (const RangeTblEntry*)lfirst(cell);
        if (rte->rtekind != RTE_RELATION || (rte->requiredPerms & kReads) == 0 || !catalog::IsShell(rte->relid))
            continue;
        const catalog::DistributedTable* table = catalog::FindTable(rte->relid);
        if (table != nullptr) CheckIsSeen(table, query_desc->snapshot);
    }
}

}  // namespace herd::executor
