// Utility statements for several nodes, collected first and then run with one round trip per node.
#pragma once

#include "postgres/pg.h"

#include "base/ids.h"
#include "catalog/metadata.h"

namespace herd::operations {

// In the current memory context.
struct NodeCommands;
NodeCommands* MakeNodeCommands();

void AddNodeCommand(NodeCommands* commands, NodeId node, const char* sql);
// To every node with a placement of the shard.
void AddShardCommand(NodeCommands* commands, const catalog::Shard* shard, const char* sql);
// To every node but the own one.
void AddCommandForOtherNodes(NodeCommands* commands, const char* sql);

// Runs all in this transaction: on the other nodes at the same time, then in process as superuser on the own one.
// Nothing is left to run afterwards.
void RunNodeCommands(NodeCommands* commands);

}  // namespace herd::operations
