#include "cluster/schema_names.h"

#include "catalog/metadata.h"
#include "catalog/metadata_scan.h"
#include "cluster/shard_messages.h"

extern "C" {
#include <access/genam.h>
#include <access/htup_details.h>
#include <access/table.h>
#include <access/xact.h>
#include <catalog/namespace.h>
#include <utils/fmgroids.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
}

namespace herd::cluster {

namespace {

// Columns of herd.shard and herd.colocated_schema that are read here.
constexpr AttrNumber kShardId = 1;
constexpr AttrNumber kShardGroup = 2;
constexpr AttrNumber kSchemaGroup = 1;
constexpr AttrNumber kSchemaNumber = 2;
constexpr AttrNumber kSchemaOid = 3;

// One column of the row that an index scan with equality on the first columns finds.
bool FindColumn(const char* table, const char* index, ScanKeyData* keys, int key_count, AttrNumber column,
                Datum* value) {
    Oid relid = catalog::FindHerdRelation(table);
    if (!OidIsValid(relid)) return false;
    catalog::MetadataScan scan = catalog::BeginScan(relid, catalog::FindHerdRelation(index), keys, key_count);
    HeapTuple row = catalog::NextRow(scan);
    bool isnull = true;
    if (HeapTupleIsValid(row)) *value = catalog::Column(scan, row, column, &isnull);
    catalog::EndScan(scan);
    return !isnull;
}

}  // namespace

char* FindUserSchema(const char* shard_schema) {
    ShardId shard;
    int number;
    if (!catalog::ParseShardSchemaName(shard_schema, &shard, &number)) return nullptr;
    ScanKeyData keys[2];
    Datum value;
    ScanKeyInit(&keys[0], kShardId, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(shard.value));
    if (!FindColumn("shard", "shard_pkey", keys, 1, kShardGroup, &value)) return nullptr;
    ScanKeyInit(&keys[0], kSchemaGroup, BTEqualStrategyNumber, F_INT4EQ, value);
    ScanKeyInit(&keys[1], kSchemaNumber, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(number));
    if (!FindColumn("colocated_schema", "colocated_schema_pkey", keys, 2, kSchemaOid, &value)) return nullptr;
    return get_namespace_name(DatumGetObjectId(value));
}

const char* WithUserSchemas(const char* text) {
    SchemaMention mention;
    if (text == nullptr || !FindShardSchema(text, 0, &mention) || !IsTransactionState()) return text;
    StringInfoData changed;
    initStringInfo(&changed);
    size_t copied = 0;
    do {
        char* user_schema = FindUserSchema(pnstrdup(text + mention.offset, mention.length));
        appendBinaryStringInfo(&changed, text + copied, static_cast<int>(mention.offset - copied));
        copied = mention.offset + (user_schema == nullptr ? 0 : mention.length);
        if (user_schema != nullptr) appendStringInfoString(&changed, user_schema);
    } while (FindShardSchema(text, mention.offset + mention.length, &mention));
    appendStringInfoString(&changed, text + copied);
    return changed.data;
}

void UseUserSchema(ErrorData* error) {
    if (ERRCODE_TO_CATEGORY(error->sqlerrcode) != ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION) return;
    if (error->schema_name == nullptr) return;
    char* user_schema = FindUserSchema(error->schema_name);
    if (user_schema != nullptr) error->schema_name = user_schema;
}

}  // namespace herd::cluster
