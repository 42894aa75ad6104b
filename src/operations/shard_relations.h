// The shard relations of a table: made in steps, so that rows can be loaded between them, and dropped.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"

namespace herd::operations {

// The types that the table's columns need, on all other nodes or on one. What is left there of another type of that name is dropped; raises
// if something there still uses it.
void CreateRequiredTypes(Oid relid, std::optional<NodeId> only_node = std::nullopt);
// Those of all distributed tables, for a node that joins.
void CreateTypesOfAllTables(NodeId node);

// Types, schemas and bare tables, on every node with a placement of the table, or on one node.
void CreateShardTables(const catalog::DistributedTable* table, std::optional<NodeId> only_node = std::nullopt);
// Indexes, and check, primary key, unique and exclusion constraints.
void CreateShardIndexes(const catalog::DistributedTable* table, std::optional<NodeId> only_node = std::nullopt);
void CreateShardForeignKeys(const catalog::DistributedTable* table, std::optional<NodeId> only_node = std::nullopt);

// What must be known of a table to drop its shards after the table itself has gone.
struct ShardedTable {
    Oid relid;
    GroupId group;
    int schema_number;
    const char* name;
    int shard_count;
    const catalog::Shard* shards;  // a copy
};
// A copy in the current memory context.
ShardedTable* DescribeShards(const catalog::DistributedTable* table);

// Drops the shards of the tables (List of ShardedTable*) on all nodes, and their metadata. Foreign keys of other tables to them
// must have been dropped.
void DropShards(List* tables);

}  // namespace herd::operations
