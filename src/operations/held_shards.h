// Tells the nodes which shards they hold (herd.held_shard, catalog/held_shards.h), in this transaction.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"
#include "operations/node_commands.h"

namespace herd::operations {

// After the group's placements were written: every node with a placement learns of it and of the shard's map version.
void HoldShards(const catalog::Group* group);

// Commands by which nodes forget shards: on all nodes that hold them, or all of a group on one.
void AddReleases(NodeCommands* commands, const catalog::Shard* shards, int count);
void AddReleases(NodeCommands* commands, const catalog::Group* group, NodeId node);

}  // namespace herd::operations
