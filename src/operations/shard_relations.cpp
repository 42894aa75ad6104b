#include "operations/shard_relations.h"

#include "deparse/table_definition.h"
#include "operations/extension_members.h"
#include "operations/held_shards.h"
#include "operations/local_sql.h"
#include "operations/metadata_writer.h"
#include "operations/node_commands.h"
#include "operations/shard_grants.h"
#include "sharding/shard_schema_name.h"

extern "C" {
#include <access/transam.h>
#include <access/xact.h>
#include <catalog/namespace.h>
#include <catalog/pg_class.h>
#include <catalog/pg_namespace.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
}

namespace herd::operations {

using catalog::DistributedTable;
using catalog::Shard;

static bool IsOn(const Shard* shard, NodeId node) {
    for (int i = 0; i < shard->node_count; i++)
        if (shard->nodes[i] == node) return true;
    return false;
}

// For a shard's statements: all its nodes, or the one that matters.
static void AddStatements(NodeCommands* commands, const Shard* shard, std::optional<NodeId> only_node,
                          List* statements) {
    if (only_node && !IsOn(shard, *only_node)) return;
    ListCell* cell;
    foreach (cell, statements) {
        auto sql = static_cast<const char*>(lfirst(cell));
        if (only_node)
            AddNodeCommand(commands, *only_node, sql);
        else
            AddShardCommand(commands, shard, sql);
    }
}

void CreateRequiredTypes(Oid relid, std::optional<NodeId> only_node) {
    NodeCommands* commands = MakeNodeCommands();
    ListCell* cell;
    foreach (cell, list_concat(deparse::ChangedTypeStatements(relid), deparse::RequiredTypeStatements(relid))) {
        auto sql = static_cast<const char*>(lfirst(cell));
        if (!only_node)
            AddCommandForOtherNodes(commands, sql);
        else if (*only_node != kOwnNode)
            AddNodeCommand(commands, *only_node, sql);
    }
    RunNodeCommands(commands);
}

void CreateTypesOfAllTables(NodeId node) {
    char* oids = QueryLocalText(
        "SELECT string_agg(DISTINCT table_oid::text, ',') FROM herd.distributed_table "
        "JOIN pg_attribute ON attrelid = table_oid WHERE attnum > 0 AND NOT attisdropped AND atttypid >= $1",
        {OidArgument(FirstNormalObjectId)});
    char* position = nullptr;
    for (char* oid = oids ? strtok_r(oids, ",", &position) : nullptr; oid; oid = strtok_r(nullptr, ",", &position))
        CreateRequiredTypes(static_cast<Oid>(strtoul(oid, nullptr, 10)), node);
}

static void RecordLocalMembers(const DistributedTable* table) {
    CommandCounterIncrement();
    for (int i = 0; i < table->group->shard_count; i++) {
        const Shard* shard = &table->group->shards[i];
        if (!IsOn(shard, kOwnNode)) continue;
        AddExtensionMember(NamespaceRelationId, get_namespace_oid(catalog::ShardSchemaName(table, shard->id), false));
        AddExtensionMember(RelationRelationId, catalog::LocalShardRelation(table, shard->id));
    }
}

// After the tables were made, on each node that got some.
static void AddRevokes(NodeCommands* commands, const DistributedTable* table, std::optional<NodeId> only_node) {
    int node_count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&node_count);
    for (int i = 0; i < node_count; i++) {
        NodeId node = nodes[i]->id;
        if (only_node && node != *only_node) continue;
        bool has_shard = false;
        for (int j = 0; j < table->group->shard_count && !has_shard; j++)
            has_shard = IsOn(&table->group->shards[j], node);
        if (has_shard) AddNodeCommand(commands, node, RevokeShardGrantsStatement());
    }
}

void CreateShardTables(const DistributedTable* table, std::optional<NodeId> only_node) {
    CreateRequiredTypes(table->relid, only_node);
    NodeCommands* commands = MakeNodeCommands();
    for (int i = 0; i < table->group->shard_count; i++) {
        const Shard* shard = &table->group->shards[i];
        char* create_schema = psprintf("CREATE SCHEMA IF NOT EXISTS %s", catalog::ShardSchemaName(table, shard->id));
        List* statements = lcons(create_schema, deparse::ShardTableStatements(table, shard->id));
        AddStatements(commands, shard, only_node, statements);
    }
    AddRevokes(commands, table, only_node);
    RunNodeCommands(commands);
    if (!only_node || *only_node == kOwnNode) RecordLocalMembers(table);
}

void CreateShardIndexes(const DistributedTable* table, std::optional<NodeId> only_node) {
    NodeCommands* commands = MakeNodeCommands();
    for (int i = 0; i < table->group->shard_count; i++) {
        const Shard* shard = &table->group->shards[i];
        AddStatements(commands, shard, only_node, deparse::ShardIndexAndCheckStatements(table, shard->id));
    }
    RunNodeCommands(commands);
    CommandCounterIncrement();
}

void CreateShardForeignKeys(const DistributedTable* table, std::optional<NodeId> only_node) {
    NodeCommands* commands = MakeNodeCommands();
    for (int i = 0; i < table->group->shard_count; i++)
        AddStatements(commands, &table->group->shards[i], only_node, deparse::ShardForeignKeyStatements(table, i));
    RunNodeCommands(commands);
    CommandCounterIncrement();
}

ShardedTable* DescribeShards(const DistributedTable* table) {
    auto described = static_cast<ShardedTable*>(palloc(sizeof(ShardedTable)));
    int count = table->group->shard_count;
    auto shards = static_cast<Shard*>(palloc(sizeof(Shard) * count));
    for (int i = 0; i < count; i++) {
        shards[i] = table->group->shards[i];
        auto nodes = static_cast<NodeId*>(palloc(sizeof(NodeId) * shards[i].node_count));
        memcpy(nodes, table->group->shards[i].nodes, sizeof(NodeId) * shards[i].node_count);
        shards[i].nodes = nodes;
    }
    *described =
        ShardedTable{table->relid, table->group->id, table->schema_number, get_rel_name(table->relid), count, shards};
    return described;
}

static const char* SchemaName(const ShardedTable* table, const Shard* shard) {
    auto name = static_cast<char(*)[sharding::kShardSchemaNameSize]>(palloc(sharding::kShardSchemaNameSize));
    sharding::FormatShardSchemaName({shard->id, table->schema_number}, *name);
    return *name;
}

static void ForgetLocalMembers(const ShardedTable* table, const Shard* shard, bool schema_too) {
    Oid schema = get_namespace_oid(SchemaName(table, shard), true);
    if (!OidIsValid(schema)) return;
    Oid relation = get_relname_relid(table->name, schema);
    if (OidIsValid(relation)) RemoveExtensionMember(RelationRelationId, relation);
    if (schema_too) RemoveExtensionMember(NamespaceRelationId, schema);
}

// One DROP TABLE per node for all tables, as they may refer to each other.
struct DropLists {
    NodeId node;
    StringInfoData tables;
    StringInfoData schemas;
};

static void AppendName(StringInfo list, const char* name) {
    appendStringInfo(list, "%s%s", list->len > 0 ? ", " : "", name);
}

static void AddToDropLists(List* lists, const ShardedTable* table, bool schema_too) {
    ListCell* cell;
    foreach (cell, lists) {
        auto drop = static_cast<DropLists*>(lfirst(cell));
        for (int i = 0; i < table->shard_count; i++) {
            const Shard* shard = &table->shards[i];
            if (!IsOn(shard, drop->node)) continue;
            AppendName(&drop->tables, psprintf("%s.%s", SchemaName(table, shard), quote_identifier(table->name)));
            if (schema_too) AppendName(&drop->schemas, SchemaName(table, shard));
            if (drop->node == kOwnNode) ForgetLocalMembers(table, shard, schema_too);
        }
    }
}

static List* MakeDropLists() {
    List* lists = NIL;
    int count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&count);
    for (int i = 0; i < count; i++) {
        auto drop = static_cast<DropLists*>(palloc(sizeof(DropLists)));
        drop->node = nodes[i]->id;
        initStringInfo(&drop->tables);
        initStringInfo(&drop->schemas);
        lists = lappend(lists, drop);
    }
    return lists;
}

void DropShards(List* tables) {
    LockGroups();
    List* lists = MakeDropLists();
    NodeCommands* commands = MakeNodeCommands();
    ListCell* cell;
    foreach (cell, tables) {
        auto table = static_cast<const ShardedTable*>(lfirst(cell));
        bool group_is_gone = DeleteTable(table->relid, table->group, table->schema_number);
        if (group_is_gone) AddReleases(commands, table->shards, table->shard_count);
        AddToDropLists(lists, table, IsSchemaUnused(table->group, table->schema_number));
    }
    foreach (cell, lists) {
        auto drop = static_cast<DropLists*>(lfirst(cell));
        if (drop->tables.len > 0)
            AddNodeCommand(commands, drop->node, psprintf("DROP TABLE IF EXISTS %s", drop->tables.data));
        if (drop->schemas.len > 0)
            AddNodeCommand(commands, drop->node, psprintf("DROP SCHEMA IF EXISTS %s", drop->schemas.data));
    }
    RunNodeCommands(commands);
    CommandCounterIncrement();
}

}  // namespace herd::operations
