#include "catalog/metadata.h"

#include "base/sqlstates.h"
#include "sharding/shard_schema_name.h"

extern "C" {
#include <catalog/namespace.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
}

namespace herd::catalog {

namespace {

const char* TableName(const DistributedTable* table) {
    const char* name = get_rel_name(table->relid);
    if (name == nullptr)
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE), errmsg("relation with OID %u does not exist", table->relid)));
    return name;
}

}  // namespace

char* ShardSchemaName(const DistributedTable* table, ShardId shard) {
    char name[sharding::kShardSchemaNameSize];
    sharding::FormatShardSchemaName({shard, table->schema_number}, name);
    return pstrdup(name);
}

char* ShardRelationName(const DistributedTable* table, ShardId shard) {
    char schema[sharding::kShardSchemaNameSize];
    sharding::FormatShardSchemaName({shard, table->schema_number}, schema);
    return psprintf("%s.%s", schema, quote_identifier(TableName(table)));
}

bool ParseShardSchemaName(const char* schema_name, ShardId* shard, int* schema_number) {
    auto schema = sharding::ParseShardSchemaName(schema_name);
    if (!schema) return false;
    *shard = schema->shard;
    *schema_number = schema->schema_number;
    return true;
}

Oid LocalShardRelation(const DistributedTable* table, ShardId shard) {
    char schema_name[sharding::kShardSchemaNameSize];
    sharding::FormatShardSchemaName({shard, table->schema_number}, schema_name);
    const char* name = TableName(table);
    Oid schema = get_namespace_oid(schema_name, true);
    Oid relation = OidIsValid(schema) ? get_relname_relid(name, schema) : InvalidOid;
    if (!OidIsValid(relation))
        ereport(ERROR, (errcode(kStalePlacement), errmsg("shard %lld of table \"%s\" is not on this node",
                                                         static_cast<long long>(shard.value), name)));
    return relation;
}

}  // namespace herd::catalog
