#include "executor/tasks/task_shards.h"

#include "catalog/held_shards.h"

extern "C" {
#include <utils/lsyscache.h>
#include <utils/snapmgr.h>
}

namespace herd::executor {

int NameReferenceShards(const plan::SqlTemplate& sql, plan::TaskShard* names) {
    int count = 0;
    for (int i = 0; i < sql.hole_count; i++) {
        if (!OidIsValid(sql.holes[i].relid)) continue;
        const catalog::DistributedTable* table = catalog::GetTable(sql.holes[i].relid);
        if (table->is_reference()) names[count++] = NameShard(table->group->shards[0]);
    }
    return count;
}

static void CheckOwnShard(const catalog::Shard& shard, bool changes) {
    if (likely(catalog::FindHolding(shard.id, shard.map_version, GetActiveSnapshot(), changes) ==
               catalog::Holding::kHeld))
        return;
    ereport(
        ERROR,
        (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE), errmsg("could not serialize access due to a moved shard"),
         errdetail("Shard %lld came to this node, or left it, after the statement or transaction took its snapshot.",
                   (long long)shard.id.value),
         errhint("Try the transaction again.")));
}

void CheckOwnShards(const plan::SqlTemplate& sql, const catalog::Shard& shard, bool changes) {
    CheckOwnShard(shard, changes);
    for (int i = 0; i < sql.hole_count; i++) {
        if (!OidIsValid(sql.holes[i].relid)) continue;
        const catalog::DistributedTable* table = catalog::GetTable(sql.holes[i].relid);
        if (table->is_reference()) CheckOwnShard(table->group->shards[0], changes);
    }
}

}  // namespace herd::executor
