// The catalog as the tests need it, without a cluster: tables of schema shop are distributed in one group of one shard,
// those named ref_… are reference tables. The shards are in schemas shard and copies.
#include "catalog/metadata.h"

extern "C" {
#include <utils/builtins.h>
#include <utils/lsyscache.h>
}

namespace herd::catalog {

namespace {

constexpr Shard kHashShard = {ShardId{1}, 0, UINT32_MAX, 1, 1, nullptr};
constexpr Shard kReferenceShard = {ShardId{2}, 0, UINT32_MAX, 1, 1, nullptr};
constexpr Group kHashGroup = {GroupId{1}, Method::kHash, KeyClass::kInteger, InvalidOid, 1, &kHashShard};
constexpr Group kReferenceGroup = {GroupId{2}, Method::kReference, KeyClass::kInteger, InvalidOid, 1, &kReferenceShard};

}  // namespace

bool IsShell(Oid relid) {
    const char* schema = get_namespace_name(get_rel_namespace(relid));
    return schema != nullptr && strcmp(schema, "shop") == 0;
}

const DistributedTable* FindTable(Oid relid) {
    if (!IsShell(relid)) return nullptr;
    auto* table = static_cast<DistributedTable*>(palloc0(sizeof(DistributedTable)));
    table->relid = relid;
    table->group = strncmp(get_rel_name(relid), "ref_", 4) == 0 ? &kReferenceGroup : &kHashGroup;
    return table;
}

const DistributedTable* GetTable(Oid relid) {
    const DistributedTable* table = FindTable(relid);
    if (table == nullptr) elog(ERROR, "relation %u is not distributed", relid);
    return table;
}

char* ShardSchemaName(const DistributedTable*, ShardId shard) {
    return pstrdup(shard == kReferenceShard.id ? "copies" : "shard");
}

char* ShardRelationName(const DistributedTable* table, ShardId shard) {
    return psprintf("%s.%s", ShardSchemaName(table, shard), quote_identifier(get_rel_name(table->relid)));
}

size_t WriteShardRelationName(const DistributedTable* table, ShardId shard, char (&out)[kShardRelationNameSize]) {
    return strlcpy(out, ShardRelationName(table, shard), sizeof(out));
}

}  // namespace herd::catalog
