#include "operations/held_shards.h"

extern "C" {
#include <access/xact.h>
}

namespace herd::operations {

using catalog::Shard;

namespace {

bool IsOn(const Shard& shard, NodeId node) {
    for (int i = 0; i < shard.node_count; i++)
        if (shard.nodes[i] == node) return true;
    return false;
}

// Calls append for every shard on the node; null if there is none.
template <class Append>
char* ListShards(const Shard* shards, int count, NodeId node, Append append) {
    StringInfoData list;
    initStringInfo(&list);
    for (int i = 0; i < count; i++) {
        if (!IsOn(shards[i], node)) continue;
        if (list.len > 0) appendStringInfoString(&list, ", ");
        append(&list, shards[i]);
    }
    return list.len > 0 ? list.data : nullptr;
}

void AddRelease(NodeCommands* commands, const Shard* shards, int count, NodeId node) {
    const char* ids = ListShards(shards, count, node, [](StringInfo list, const Shard& shard) {
        appendStringInfo(list, INT64_FORMAT, shard.id.value);
    });
    if (ids == nullptr) return;
    AddNodeCommand(commands, node, psprintf("DELETE FROM herd.held_shard WHERE shard_id IN (%s)", ids));
}

}  // namespace

void HoldShards(const catalog::Group* group) {
    NodeCommands* commands = MakeNodeCommands();
    int node_count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&node_count);
    for (int i = 0; i < node_count; i++) {
        const char* rows =
            ListShards(group->shards, group->shard_count, nodes[i]->id, [](StringInfo list, const Shard& shard) {
                appendStringInfo(list, "(" INT64_FORMAT ", %u)", shard.id.value, shard.map_version);
            });
        if (rows == nullptr) continue;
        AddNodeCommand(commands, nodes[i]->id,
                       psprintf("INSERT INTO herd.held_shard (shard_id, map_version) VALUES %s "
                                "ON CONFLICT (shard_id) DO UPDATE SET map_version = excluded.map_version",
                                rows));
    }
    RunNodeCommands(commands);
    CommandCounterIncrement();
}

void AddReleases(NodeCommands* commands, const Shard* shards, int count) {
    int node_count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&node_count);
    for (int i = 0; i < node_count; i++) AddRelease(commands, shards, count, nodes[i]->id);
}

void AddReleases(NodeCommands* commands, const catalog::Group* group, NodeId node) {
    AddRelease(commands, group->shards, group->shard_count, node);
}

}  // namespace herd::operations
