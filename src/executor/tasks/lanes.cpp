#include "executor/tasks/task_run_parts.h"

#include <cmath>

#include "executor/settings.h"
#include "executor/tasks/task_times.h"
#include "transaction/statement_token.h"

namespace herd::executor {

using catalog::Group;
using catalog::Shard;

static const int kMaxShardsPerStatement = 16;
static const double kMillisecondsWorthAConnection = 5;

static bool Replicates(const TaskRun* run) { return run->call.writes; }

int ReadNode(const Shard& shard) {
    for (int i = 0; i < shard.node_count; i++)
        if (shard.nodes[i] == kOwnNode) return i;
    return 0;
}

NodeId ReadingNode(const Shard& shard) { return shard.nodes[ReadNode(shard)]; }

static Lane* LaneOf(TaskRun* run, NodeId node, int group, bool counts) {
    int lanes_of_node = 0;
    for (int i = 0; i < run->lane_count; i++) {
        if (run->lanes[i].node != node) continue;
        if (run->lanes[i].group == group) return &run->lanes[i];
        lanes_of_node++;
    }
    Lane* lane = &run->lanes[run->lane_count++];
    memset(lane, 0, sizeof(Lane));
    lane->node = node;
    lane->group = group;
    lane->slot = run->call.connection + lanes_of_node;
    lane->counts = counts;
    lane->shards = (int*)palloc(run->call.shard_count * sizeof(int));
    return lane;
}

static int ShardsOfNode(const TaskRun* run, NodeId node) {
    int count = 0;
    for (int i = 0; i < run->lane_count; i++)
        if (run->lanes[i].node == node) count += run->lanes[i].shard_count;
    return count;
}

void Assign(TaskRun* run, NodeId node, int shard_index, int slots, bool counts) {
    if (node == kOwnNode) {
        run->own_shards[run->own_count++] = shard_index;
        return;
    }
    if (slots > 1 && transaction::UsesOneConnection(node)) slots = 1;
    Lane* lane = LaneOf(run, node, slots > 1 ? ShardsOfNode(run, node) % slots : 0, counts);
    lane->shards[lane->shard_count++] = shard_index;
}

void MakeLanes(TaskRun* run, int slots) {
    int nodes;
    catalog::AllNodes(&nodes);
    run->lane_count = 0;
    run->lanes = (Lane*)palloc(nodes * slots * sizeof(Lane));
}

void DivideShards(TaskRun* run, int slots) {
    const FragmentCall& call = run->call;
    MakeLanes(run, slots);
    run->own_count = 0;
    run->own_shards = (int*)palloc(call.shard_count * sizeof(int));
    for (int i = 0; i < call.shard_count; i++) {
        int index = call.shard_indexes[i];
        const Shard& shard = run->group->shards[index];
        int first = ReadNode(shard);
        Assign(run, shard.nodes[first], index, slots, true);
        if (!Replicates(run)) continue;
        for (int n = 0; n < shard.node_count; n++)
            if (n != first) Assign(run, shard.nodes[n], index, slots, false);
    }
    run->chunk = call.writes || call.locks_rows ? 1 : call.order != NIL ? call.shard_count : kMaxShardsPerStatement;
}

bool MayUseSeveralConnections(const FragmentCall& call) {
    return !call.writes && !call.locks_rows && call.shard_count > 1 && !call.is_part;
}

// To a node, where the shards are divided for one to each. Short work is not worth more.
static int ConnectionsWorthHaving(const TaskRun* run) {
    int most = MayUseSeveralConnections(run->call) ? MaxReadConnectionsPerNode() : 1;
    if (most == 1 || run->lane_count == 0) return 1;
    double shard_time = ExpectedShardTime(run->call.sql);
    if (shard_time < 0) return most;
    int most_shards = 0;
    for (int i = 0; i < run->lane_count; i++) most_shards = Max(most_shards, run->lanes[i].shard_count);
    double connections = std::ceil(shard_time * most_shards / kMillisecondsWorthAConnection);
    return (int)Max(1, Min(connections, Min(most, most_shards)));
}

void Divide(TaskRun* run) {
    DivideShards(run, 1);
    int slots = ConnectionsWorthHaving(run);
    if (slots > 1) DivideShards(run, slots);
}

int ConnectionsTo(const TaskRun* run, NodeId node) {
    if (run->call.is_part) return run->call.connections;
    int count = 0;
    for (int i = 0; i < run->lane_count; i++) count += run->lanes[i].node == node ? 1 : 0;
    return count;
}

static bool HasSeveralTasksOnANode(const TaskRun* run) {
    for (int i = 0; i < run->lane_count; i++) {
        if (run->lanes[i].shard_count > run->chunk) return true;
        for (int j = 0; j < i; j++)
            if (run->lanes[i].node == run->lanes[j].node) return true;
    }
    return false;
}

// A single task on a node sees one snapshot anyway.
bool SharesSnapshot(const TaskRun* run) {
    if (run->call.snapshot == nullptr || run->lane_count == 0) return false;
    return !run->call.is_whole || HasSeveralTasksOnANode(run) || transaction::IsSharedSnapshot(run->call.snapshot);
}

NodesRead NodesOf(const TaskRun* run) {
    NodesRead nodes = {(NodeId*)palloc(sizeof(NodeId) * run->lane_count), 0, run->own_count > 0, false};
    for (int i = 0; i < run->lane_count; i++)
        if (run->lanes[i].slot == 0) nodes.nodes[nodes.count++] = run->lanes[i].node;
    return nodes;
}

}  // namespace herd::executor
