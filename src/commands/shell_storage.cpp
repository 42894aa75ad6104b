#include "commands/shell_storage.h"

#include "access/ddl_mode.h"
#include "catalog/metadata.h"

extern "C" {
#include <access/multixact.h>
#include <access/table.h>
#include <access/transam.h>
#include <access/xact.h>
#include <commands/tablecmds.h>
#include <commands/vacuum.h>
#include <nodes/parsenodes.h>
#include <utils/rel.h>
}

namespace herd::commands {

static void SetAccessMethod(Oid relid, const char* access_method) {
    AlterTableCmd* command = makeNode(AlterTableCmd);
    command->subtype = AT_SetAccessMethod;
    command->name = pstrdup(access_method);
    AlterTableInternal(relid, list_make1(command), false);
    CommandCounterIncrement();
}

static void StoreRowCount(Oid relid, double rows) {
    Relation relation = table_open(relid, AccessExclusiveLock);
    // An empty table is about to be filled: unknown, not zero, or the planner would scan shards in nested loops.
    vac_update_relstats(relation, relation->rd_rel->relpages, rows > 0 ? rows : -1, 0, relation->rd_rel->relhasindex,
                        InvalidTransactionId, InvalidMultiXactId, nullptr, nullptr, true);
    table_close(relation, NoLock);
    CommandCounterIncrement();
}

void TurnIntoShell(Oid relid, double rows) {
    if (!catalog::IsShell(relid)) {
        access::BeginDdlMode(access::DdlMode::kEmptyScans);
        SetAccessMethod(relid, "herd");
        access::EndDdlMode();
    }
    if (rows >= 0) StoreRowCount(relid, rows);
}

void TurnIntoHeap(Oid relid) {
    access::BeginDdlMode(access::DdlMode::kRealScans);
    SetAccessMethod(relid, "heap");
    access::EndDdlMode();
}

}  // namespace herd::commands
