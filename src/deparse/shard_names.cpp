#include "deparse/shard_names.h"

#include "deparse/query_sql.h"
#include "deparse/template_holes.h"

extern "C" {
#include <utils/builtins.h>
#include <utils/lsyscache.h>
}

namespace herd::deparse {

namespace {

struct Target {
    const catalog::DistributedTable* table;
    int shard_index;
};

bool IsDistributed(Oid relid, void* argument) {
    return relid == static_cast<Target*>(argument)->table->relid || catalog::FindTable(relid) != nullptr;
}

const char* NameRelation(Oid relid, void* argument) {
    auto* target = static_cast<Target*>(argument);
    // The table itself may be on its way into the metadata.
    const catalog::DistributedTable* table = relid == target->table->relid ? target->table : catalog::GetTable(relid);
    int index = table->is_reference() ? 0 : target->shard_index;
    return catalog::ShardRelationName(table, table->group->shards[index].id);
}

}  // namespace

char* NameShardRelations(const char* text, const catalog::DistributedTable* table, int shard_index) {
    Target target = {table, shard_index};
    return FillTemplate(MakeTemplate(text, IsDistributed, &target), NameRelation, &target);
}

char* NameInShardSchema(const catalog::DistributedTable* table, ShardId shard, const char* name) {
    return quote_qualified_identifier(catalog::ShardSchemaName(table, shard), name);
}

int ShardIndex(const catalog::DistributedTable* table, ShardId shard) {
    for (int index = 0; index < table->group->shard_count; index++)
        if (table->group->shards[index].id == shard) return index;
    elog(ERROR, "shard %lld is not one of relation %u", static_cast<long long>(shard.value), table->relid);
}

}  // namespace herd::deparse
