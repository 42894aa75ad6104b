#include "operations/metadata_writer.h"

#include "operations/held_shards.h"
#include "operations/local_sql.h"
#include "sharding/hash_ranges.h"

extern "C" {
#include <access/xact.h>
#include <catalog/namespace.h>
#include <storage/lmgr.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
}

namespace herd::operations {

void LockGroups() {
    LockRelationOid(get_relname_relid("colocation", get_namespace_oid("herd", false)), ShareRowExclusiveLock);
}

static std::optional<GroupId> FindGroup(const char* sql, std::initializer_list<SqlArgument> arguments) {
    char* id = QueryLocalText(sql, arguments);
    if (id == nullptr) return std::nullopt;
    return GroupId{pg_strtoint32(id)};
}

std::optional<GroupId> FindDefaultGroup(HashKey key, int shard_count) {
    return FindGroup(
        "SELECT group_id FROM herd.colocation WHERE is_default AND method = 'hash' AND key_class = $1 "
        "AND key_collation = $2 AND shard_count = $3 ORDER BY group_id LIMIT 1",
        {TextArgument(KeyClassName(key.key_class)), OidArgument(key.collation), IntArgument(shard_count)});
}

std::optional<GroupId> FindGroupByLabel(const char* label) {
    return FindGroup("SELECT group_id FROM herd.colocation WHERE label = $1::uuid", {TextArgument(label)});
}

std::optional<GroupId> FindReferenceGroup() {
    return FindGroup("SELECT group_id FROM herd.colocation WHERE method = 'reference' ORDER BY group_id LIMIT 1", {});
}

char* GroupLabel(GroupId group) {
    return QueryLocalText("SELECT label FROM herd.colocation WHERE group_id = $1", {IntArgument(group.value)});
}

bool IsDefaultGroup(GroupId group) {
    return QueryLocalInteger("SELECT is_default::int FROM herd.colocation WHERE group_id = $1",
                             {IntArgument(group.value)}) != 0;
}

static GroupId InsertGroup(const char* method, const char* key_class, Oid collation, int shard_count, bool is_default,
                           const char* label) {
    return GroupId{static_cast<int32>(QueryLocalInteger(
        "INSERT INTO herd.colocation (group_id, label, method, key_class, key_collation, shard_count, is_default) "
        "VALUES (nextval('herd.group_id_seq'), coalesce($1::uuid, gen_random_uuid()), $2, $3, $4, $5, $6) "
        "RETURNING group_id",
        {TextArgument(label), TextArgument(method), TextArgument(key_class), OidArgument(collation),
         IntArgument(shard_count), BoolArgument(is_default)}))};
}

// Nodes for new shards. Without any, as before the first add_node, the own node holds them.
static NodeId* ShardHolders(int* count) {
    int node_count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&node_count);
    auto holders = static_cast<NodeId*>(palloc(sizeof(NodeId) * (node_count + 1)));
    *count = 0;
    for (int i = 0; i < node_count; i++)
        if (nodes[i]->holds_shards) holders[(*count)++] = nodes[i]->id;
    if (*count == 0)
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE), errmsg("no node may hold shards"),
                        errhint("Allow it with herd.set_node_holds_shards(), or add a node with herd.add_node().")));
    return holders;
}

// One statement for all shards of a group.
static void InsertShards(GroupId group, int shard_count) {
    StringInfoData sql;
    initStringInfo(&sql);
    appendStringInfoString(&sql, "INSERT INTO herd.shard (shard_id, group_id, lower_hash, upper_hash) VALUES ");
    for (int i = 0; i < shard_count; i++) {
        sharding::HashRange range = sharding::HashRangeOfShard(i, shard_count);
        appendStringInfo(&sql, "%s(nextval('herd.shard_id_seq'), %d, %u, %u)", i > 0 ? ", " : "", group.value,
                         range.lower, range.upper);
    }
    RunLocalSql(sql.data, {});
}

static void InsertHashPlacements(GroupId group) {
    int count;
    NodeId* holders = ShardHolders(&count);
    StringInfoData nodes;
    initStringInfo(&nodes);
    for (int i = 0; i < count; i++) appendStringInfo(&nodes, "%s%d", i > 0 ? "," : "", holders[i].value);
    RunLocalSql(psprintf("INSERT INTO herd.placement (shard_id, node_id) "
                         "SELECT shard_id, ('{%s}'::int[])[1 + mod(row_number() OVER (ORDER BY lower_hash) - 1, %d)] "
                         "FROM herd.shard WHERE group_id = %d",
                         nodes.data, count, group.value),
                {});
}

GroupId CreateHashGroup(HashKey key, int shard_count, bool is_default, const char* label) {
    GroupId group = InsertGroup("hash", KeyClassName(key.key_class), key.collation, shard_count, is_default, label);
    InsertShards(group, shard_count);
    InsertHashPlacements(group);
    catalog::InvalidateMetadata();
    CommandCounterIncrement();
    HoldShards(catalog::GetGroup(group));
    return group;
}

GroupId CreateReferenceGroup(const char* label) {
    GroupId group = InsertGroup("reference", nullptr, InvalidOid, 1, false, label);
    RunLocalSql("INSERT INTO herd.shard (shard_id, group_id) VALUES (nextval('herd.shard_id_seq'), $1)",
                {IntArgument(group.value)});
    RunLocalSql(
        "INSERT INTO herd.placement (shard_id, node_id) SELECT shard_id, node_id FROM herd.shard, herd.node "
        "WHERE group_id = $1 AND node.state = 'active'",
        {IntArgument(group.value)});
    catalog::InvalidateMetadata();
    CommandCounterIncrement();
    HoldShards(catalog::GetGroup(group));
    return group;
}

void AddReferencePlacement(GroupId group, NodeId node) {
    RunLocalSql(
        "INSERT INTO herd.placement (shard_id, node_id) SELECT shard_id, $2 FROM herd.shard WHERE group_id = $1",
        {IntArgument(group.value), IntArgument(node.value)});
    RunLocalSql("UPDATE herd.shard SET map_version = map_version + 1 WHERE group_id = $1", {IntArgument(group.value)});
    catalog::InvalidateMetadata();
    CommandCounterIncrement();
    HoldShards(catalog::GetGroup(group));
}

void RemoveReferencePlacements(NodeId node) {
    RunLocalSql(
        "DELETE FROM herd.placement p USING herd.shard s JOIN herd.colocation c USING (group_id) "
        "WHERE s.shard_id = p.shard_id AND c.method = 'reference' AND p.node_id = $1",
        {IntArgument(node.value)});
    catalog::InvalidateMetadata();
    CommandCounterIncrement();
}

static int NumberSchema(GroupId group, Oid schema) {
    RunLocalSql(
        "INSERT INTO herd.colocated_schema (group_id, schema_number, schema_oid) "
        "SELECT $1, 1 + coalesce(max(schema_number), 0), $2 FROM herd.colocated_schema WHERE group_id = $1 "
        "ON CONFLICT (group_id, schema_oid) DO NOTHING",
        {IntArgument(group.value), OidArgument(schema)});
    return static_cast<int>(
        QueryLocalInteger("SELECT schema_number FROM herd.colocated_schema WHERE group_id = $1 AND schema_oid = $2",
                          {IntArgument(group.value), OidArgument(schema)}));
}

void InsertTable(Oid relid, GroupId group, AttrNumber key_attno) {
    int schema_number = NumberSchema(group, get_rel_namespace(relid));
    SqlArgument key = IntArgument(key_attno);
    key.isnull = key_attno == InvalidAttrNumber;
    RunLocalSql("INSERT INTO herd.distributed_table VALUES ($1, $2, $3, $4)",
                {OidArgument(relid), IntArgument(group.value), IntArgument(schema_number), key});
    catalog::InvalidateTable(relid);
    CommandCounterIncrement();
}

bool IsSchemaUnused(GroupId group, int schema_number) {
    return QueryLocalInteger("SELECT count(*) FROM herd.distributed_table WHERE group_id = $1 AND schema_number = $2",
                             {IntArgument(group.value), IntArgument(schema_number)}) == 0;
}

bool DeleteTable(Oid relid, GroupId group, int schema_number) {
    RunLocalSql("DELETE FROM herd.distributed_table WHERE table_oid = $1", {OidArgument(relid)});
    if (IsSchemaUnused(group, schema_number))
        RunLocalSql("DELETE FROM herd.colocated_schema WHERE group_id = $1 AND schema_number = $2",
                    {IntArgument(group.value), IntArgument(schema_number)});
    uint64 groups = RunLocalSql(
        "DELETE FROM herd.colocation c WHERE group_id = $1 "
        "AND NOT EXISTS (SELECT FROM herd.distributed_table t WHERE t.group_id = c.group_id)",
        {IntArgument(group.value)});
    catalog::InvalidateMetadata();
    catalog::InvalidateTable(relid);
    CommandCounterIncrement();
    return groups > 0;
}

}  // namespace herd::operations
