#include "commands/ddl/handlers.h"
#include "commands/ddl/targets.h"
#include "commands/shard_changes.h"
#include "postgres/error.h"

extern "C" {
#include <catalog/namespace.h>
#include <commands/tablecmds.h>
#include <nodes/parsenodes.h>
#include <utils/lsyscache.h>
}

namespace herd::commands {

void HandleCreateIndex(UtilityCall& call) {
    auto statement = reinterpret_cast<IndexStmt*>(call.statement->utilityStmt);
    const catalog::DistributedTable* table = FindTarget(statement->relation);
    if (table == nullptr) return RunStandard(call);
    if (statement->concurrent)
        postgres::RaiseNotSupported(psprintf("CREATE INDEX CONCURRENTLY is not supported for distributed table \"%s\"",
                                             get_rel_name(table->relid)),
                                    "It runs in several transactions, which Herd can't coordinate over the nodes yet.",
                                    "Use CREATE INDEX without CONCURRENTLY; writers wait meanwhile.");
    RangeVarGetRelidExtended(statement->relation, ShareLock, 0, RangeVarCallbackOwnsRelation, nullptr);
    TableState before = ReadTableState(table->relid);
    RunOnShells(call);
    ApplyAdditions(before, "CREATE INDEX");
}

}  // namespace herd::commands
