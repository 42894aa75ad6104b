// Statistics objects: the coordinator's is made of a sample of all shards, each shard's of its own rows.
#include "commands/ddl/handlers.h"
#include "commands/ddl/targets.h"
#include "commands/shard_changes.h"
#include "operations/node_commands.h"

extern "C" {
#include <access/htup_details.h>
#include <access/xact.h>
#include <catalog/namespace.h>
#include <catalog/pg_statistic_ext.h>
#include <nodes/parsenodes.h>
#include <utils/builtins.h>
#include <utils/syscache.h>
}

namespace herd::commands {

// A statistics object of a distributed table; no table: it is another's.
struct StatisticsObject {
    const catalog::DistributedTable* table;
    const char* name;
};

static StatisticsObject FindStatistics(List* name) {
    Oid oid = get_statistics_object_oid(name, true);
    HeapTuple row = OidIsValid(oid) ? SearchSysCache1(STATEXTOID, ObjectIdGetDatum(oid)) : nullptr;
    if (!HeapTupleIsValid(row)) return {};
    auto* form = reinterpret_cast<Form_pg_statistic_ext>(GETSTRUCT(row));
    Oid relid = form->stxrelid;
    const char* stored_name = pstrdup(NameStr(form->stxname));
    ReleaseSysCache(row);
    return {catalog::IsShell(relid) ? catalog::FindTable(relid) : nullptr, stored_name};
}

// "ALTER STATISTICS <the shard's> action" everywhere.
static void AlterOnShards(const StatisticsObject& object, const char* action) {
    operations::NodeCommands* commands = operations::MakeNodeCommands();
    for (int i = 0; i < object.table->group->shard_count; i++) {
        const catalog::Shard* shard = &object.table->group->shards[i];
        operations::AddShardCommand(
            commands, shard,
            psprintf("ALTER STATISTICS %s.%s %s", catalog::ShardSchemaName(object.table, shard->id),
                     quote_identifier(object.name), action));
    }
    operations::RunNodeCommands(commands);
}

void HandleCreateStatistics(UtilityCall& call) {
    auto* statement = reinterpret_cast<CreateStatsStmt*>(call.statement->utilityStmt);
    const catalog::DistributedTable* table = FindFirstTarget(statement->relations);
    if (table == nullptr) return RunStandard(call);
    TableState before = ReadTableState(table->relid);
    RunStandard(call);
    ApplyAdditions(before, "CREATE STATISTICS");
}

void HandleAlterStatistics(UtilityCall& call) {
    auto* statement = reinterpret_cast<AlterStatsStmt*>(call.statement->utilityStmt);
    StatisticsObject object = FindStatistics(statement->defnames);
    RunStandard(call);
    if (object.table != nullptr) AlterOnShards(object, psprintf("SET STATISTICS %d", statement->stxstattarget));
}

bool RenameStatistics(UtilityCall& call) {
    auto* statement = reinterpret_cast<RenameStmt*>(call.statement->utilityStmt);
    StatisticsObject object = FindStatistics(castNode(List, statement->object));
    if (object.table == nullptr) return false;
    RunStandard(call);
    AlterOnShards(object, psprintf("RENAME TO %s", quote_identifier(statement->newname)));
    return true;
}

}  // namespace herd::commands
