#include "postgres/pg.h"

#include "access/ddl_mode.h"
#include "catalog/held_shards.h"
#include "catalog/metadata.h"
#include "executor/writes/distributed_insert.h"
#include "executor/scans/distributed_scan.h"
#include "executor/scans/read_ahead.h"
#include "executor/writes/placed_scan.h"
#include "executor/settings.h"
#include "executor/writes/target_rows.h"
#include "executor/snapshots/snapshot_agreement.h"
#include "commands/distribution_label.h"
#include "commands/settings.h"
#include "cluster/settings.h"
#include "cluster/tickets.h"
#include "extension/hooks.h"
#include "guard/guard.h"
#include "guard/relation_access.h"
#include "guard/statement_snapshots.h"
#include "observe/explain.h"
#include "operations/node_protocols.h"
#include "plan/plan_report.h"
#include "postgres/compat.h"
#include "postgres/entry.h"
#include "postgres/fault_point.h"
#include "postgres/shared_memory.h"
#include "transaction/recent_commits.h"
#include "transaction/session.h"
#include "transaction/deadlock_duty.h"
#include "transaction/recovery_duty.h"
#include "transaction/settings.h"
#include "worker/launcher.h"

extern "C" {
#include <miscadmin.h>
#include <utils/guc.h>

PG_MODULE_MAGIC;

PGDLLEXPORT void _PG_init(void);
}

namespace herd::extension {

// Without shared_preload_libraries only the access method's handler and the SQL functions work; they
// raise on touch. Raising here would break DROP, \d and pg_dump.
static void Initialize() {
    catalog::RegisterMetadataCallbacks();
    if (!process_shared_preload_libraries_in_progress) return;
    postgres::RegisterFaultPointSettings();
    catalog::RegisterHeldShards();
    plan::RegisterPlanSettings();
    cluster::RegisterClusterSettings();
    cluster::RegisterTickets();
    transaction::RegisterTransactionSettings();
    transaction::RegisterSessionCallbacks();
    transaction::RegisterRecentCommits();
    transaction::RegisterRecoveryDuty();
    transaction::RegisterDeadlockDuty();
    operations::RegisterProtocolDuty();
    guard::RegisterGuardSettings();
    guard::RegisterRelationAccess();
    guard::RegisterStatementSnapshots();
    executor::RegisterExecutorSettings();
    executor::RegisterSnapshotAgreement();
    executor::RegisterDistributedScans(observe::HerdExplainScan);
    executor::RegisterDistributedInsert(observe::HerdExplainInsert);
    executor::RegisterPlacedScan();
    executor::RegisterTargetRows();
    executor::RegisterReadAhead();
    observe::RegisterObserveSettings();
    commands::RegisterCommandsSettings();
    commands::RegisterLabelProvider();
    worker::RegisterBackgroundProcesses();
    InstallHooks();
    postgres::InstallSharedMemoryHooks();
    access::SetLibraryPreloaded();
    MarkGUCPrefixReserved("herd");
}

}  // namespace herd::extension

extern "C" void _PG_init(void) {
    herd::postgres::Enter([]() { herd::extension::Initialize(); });
}
