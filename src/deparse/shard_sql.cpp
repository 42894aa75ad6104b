#include "deparse/shard_sql.h"

#include "deparse/query_sql.h"

namespace herd::deparse {

namespace {

using Name = char[catalog::kShardRelationNameSize];

struct NamesInShard {
    int shard_index;
    Name* next;  // room for one name per hole
};

const char* NameInShard(Oid relid, void* argument) {
    auto* names = static_cast<NamesInShard*>(argument);
    if (!OidIsValid(relid)) {
        Name& number = *names->next++;
        snprintf(number, sizeof(Name), "%d", names->shard_index);
        return number;
    }
    const catalog::DistributedTable* table = catalog::GetTable(relid);
    int index = table->is_reference() ? 0 : names->shard_index;
    if (index >= table->group->shard_count) elog(ERROR, "shard index %d of relation %u is out of range", index, relid);
    Name& name = *names->next++;
    catalog::WriteShardRelationName(table, table->group->shards[index].id, name);
    return name;
}

}  // namespace

char* FillTemplateForShard(const plan::SqlTemplate& sql, int shard_index) {
    constexpr int kUsual = 8;
    Name on_stack[kUsual];
    NamesInShard names = {shard_index, on_stack};
    if (sql.hole_count > kUsual)
        names.next = static_cast<Name*>(palloc(sizeof(Name) * static_cast<Size>(sql.hole_count)));
    return FillTemplate(sql, NameInShard, &names);
}

}  // namespace herd::deparse
