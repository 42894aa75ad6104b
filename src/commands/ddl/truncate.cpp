#include "access/ddl_mode.h"
#include "commands/ddl/handlers.h"
#include "commands/ddl/targets.h"
#include "operations/node_commands.h"

extern "C" {
#include <nodes/parsenodes.h>
#include <utils/builtins.h>
}

namespace herd::commands {

// One TRUNCATE per node for all tables, as they may refer to each other.
static void TruncateShards(List* relids) {
    operations::NodeCommands* commands = operations::MakeNodeCommands();
    int node_count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&node_count);
    for (int n = 0; n < node_count; n++) {
        StringInfoData names;
        initStringInfo(&names);
        ListCell* cell;
        foreach (cell, relids) {
            const catalog::DistributedTable* table = catalog::FindTable(lfirst_oid(cell));
            for (int i = 0; table != nullptr && i < table->group->shard_count; i++) {
                const catalog::Shard* shard = &table->group->shards[i];
                for (int p = 0; p < shard->node_count; p++)
                    if (shard->nodes[p] == nodes[n]->id)
                        appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "",
                                         catalog::ShardRelationName(table, shard->id));
            }
        }
        if (names.len > 0) operations::AddNodeCommand(commands, nodes[n]->id, psprintf("TRUNCATE %s", names.data));
    }
    operations::RunNodeCommands(commands);
}

void HandleTruncate(UtilityCall& call) {
    auto statement = reinterpret_cast<TruncateStmt*>(call.statement->utilityStmt);
    if (FindFirstTarget(statement->relations) == nullptr) return RunStandard(call);
    access::BeginDdlMode(access::DdlMode::kEmptyScans);
    RunStandard(call);
    // With CASCADE there may be more of them than the statement names.
    List* truncated = access::TakeTruncatedShells();
    access::EndDdlMode();
    TruncateShards(truncated);
}

}  // namespace herd::commands
