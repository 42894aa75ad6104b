#include "catalog/metadata.h"

#include "base/sqlstates.h"
#include "sharding/shard_schema_name.h"

extern "C" {
#include <access/htup_details.h>
#include <catalog/namespace.h>
#include <catalog/pg_class.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
#include <utils/syscache.h>
}

namespace herd::catalog {

namespace {

[[noreturn]] void RaiseUndefined(Oid relid) {
    ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE), errmsg("relation with OID %u does not exist", relid)));
    pg_unreachable();
}

const char* TableName(const DistributedTable* table) {
    const char* name = get_rel_name(table->relid);
    if (name == nullptr) RaiseUndefined(table->relid);
    return name;
}

}  // namespace

char* ShardSchemaName(const DistributedTable* table, ShardId shard) {
    char name[sharding::kShardSchemaNameSize];
    sharding::FormatShardSchemaName({shard, table->schema_number}, name);
    return pstrdup(name);
}

char* ShardRelationName(const DistributedTable* table, ShardId shard) {
    char name[kShardRelationNameSize];
    WriteShardRelationName(table, shard, name);
    return pstrdup(name);
}

size_t WriteShardRelationName(const DistributedTable* table, ShardId shard, char (&out)[kShardRelationNameSize]) {
    // Schema, dot, and a quoted name with every byte doubled.
    static_assert(kShardRelationNameSize >= sharding::kShardSchemaNameSize + 1 + 2 * NAMEDATALEN + 2);
    char schema[sharding::kShardSchemaNameSize];
    sharding::FormatShardSchemaName({shard, table->schema_number}, schema);
    size_t length = strlcpy(out, schema, sizeof(out));
    out[length++] = '.';

    HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(table->relid));
    if (!HeapTupleIsValid(tuple)) RaiseUndefined(table->relid);
    const char* name = quote_identifier(NameStr(reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relname));
    length += strlcpy(out + length, name, sizeof(out) - length);
    ReleaseSysCache(tuple);
    return length;
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
