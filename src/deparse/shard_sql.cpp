#include "deparse/shard_sql.h"

#include "deparse/query_sql.h"

namespace herd::deparse {

namespace {

const char* NameInShard(Oid relid, void* shard_index) {
    const catalog::DistributedTable* table = catalog::GetTable(relid);
    int index = table->is_reference() ? 0 : *static_cast<int*>(shard_index);
    if (index >= table->group->shard_count) elog(ERROR, "shard index %d of relation %u is out of range", index, relid);
    return catalog::ShardRelationName(table, table->group->shards[index].id);
}

}  // namespace

char* FillTemplateForShard(const plan::SqlTemplate& sql, int shard_index) {
    return FillTemplate(sql, NameInShard, &shard_index);
}

}  // namespace herd::deparse
