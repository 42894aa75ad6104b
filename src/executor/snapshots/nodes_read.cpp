#include "executor/snapshots/nodes_read.h"

#include "catalog/metadata.h"
#include "executor/scans/distributed_scan.h"
#include "plan/distributed_plan.h"

extern "C" {
#include <access/transam.h>
#include <miscadmin.h>
#include <optimizer/optimizer.h>
}

namespace herd::executor {

struct ReadsOfPlan {
    NodesRead* nodes;
    int scans;
    bool all_routed;
};

static void AddNode(NodesRead* nodes, NodeId node) {
    if (node == kOwnNode) {
        nodes->own = true;
        return;
    }
    if (nodes->nodes == nullptr) {
        int node_count;
        catalog::AllNodes(&node_count);
        nodes->nodes = (NodeId*)palloc(node_count * sizeof(NodeId));
    }
    for (int i = 0; i < nodes->count; i++)
        if (nodes->nodes[i] == node) return;
    nodes->nodes[nodes->count++] = node;
}

// One copy of a reference table is enough, the own one if there is one.
static NodeId CopyToRead(const catalog::Shard& shard) {
    for (int i = 0; i < shard.node_count; i++)
        if (shard.nodes[i] == kOwnNode) return kOwnNode;
    return shard.nodes[0];
}

static void AddGroup(NodesRead* nodes, const catalog::Group* group) {
    for (int i = 0; i < group->shard_count; i++)
        for (int n = 0; n < group->shards[i].node_count; n++) AddNode(nodes, group->shards[i].nodes[n]);
}

static void AddScan(ReadsOfPlan* reads, const CustomScan* scan) {
    plan::DistributedScan distributed = plan::ReadScan(scan->custom_private);
    if (distributed.command != CMD_SELECT || distributed.writes) return;
    if (distributed.locks_rows && distributed.single_shard) return;
    reads->scans++;
    reads->all_routed = reads->all_routed && distributed.single_shard;
    const catalog::Group* group = catalog::GetTable(distributed.relid)->group;
    if (group->method == catalog::Method::kReference)
        AddNode(reads->nodes, CopyToRead(group->shards[0]));
    else
        AddGroup(reads->nodes, group);
}

static void WalkPlan(ReadsOfPlan* reads, const Plan* plan);

static void WalkPlans(ReadsOfPlan* reads, const List* plans) {
    ListCell* cell;
    foreach (cell, plans) WalkPlan(reads, (const Plan*)lfirst(cell));
}

static void WalkPlan(ReadsOfPlan* reads, const Plan* plan) {
    if (plan == nullptr) return;
    check_stack_depth();
    WalkPlan(reads, plan->lefttree);
    WalkPlan(reads, plan->righttree);
    switch (nodeTag(plan)) {
        case T_Append:
            WalkPlans(reads, ((const Append*)plan)->appendplans);
            break;
        case T_MergeAppend:
            WalkPlans(reads, ((const MergeAppend*)plan)->mergeplans);
            break;
        case T_SubqueryScan:
            WalkPlan(reads, ((const SubqueryScan*)plan)->subplan);
            break;
        case T_CustomScan:
            WalkPlans(reads, ((const CustomScan*)plan)->custom_plans);
            if (IsDistributedScan((const CustomScan*)plan)) AddScan(reads, (const CustomScan*)plan);
            break;
        default:
            break;
    }
}

// Copies of reference tables among them.
static bool ReadsLocalTables(const PlannedStmt* statement) {
    ListCell* cell;
    foreach (cell, statement->rtable) {
        const RangeTblEntry* rte = (const RangeTblEntry*)lfirst(cell);
        if (rte->rtekind != RTE_RELATION || rte->relid < FirstNormalObjectId) continue;
        if (!catalog::IsShell(rte->relid)) return true;
    }
    return false;
}

// The statement's writes, too, run with the snapshots that are agreed on.
static void AddTables(NodesRead* nodes, const PlannedStmt* statement) {
    ListCell* cell;
    foreach (cell, statement->rtable) {
        const RangeTblEntry* rte = (const RangeTblEntry*)lfirst(cell);
        if (rte->rtekind != RTE_RELATION || !catalog::IsShell(rte->relid)) continue;
        const catalog::DistributedTable* table = catalog::FindTable(rte->relid);
        if (table != nullptr) AddGroup(nodes, table->group);
    }
}

bool IsOneRoutedTask(const PlannedStmt* statement) {
    const Plan* plan = statement->planTree;
    if (plan == nullptr || !IsA(plan, CustomScan) || statement->subplans != NIL) return false;
    const CustomScan* scan = (const CustomScan*)plan;
    return scan->custom_plans == NIL && scan->scan.scanrelid == 0 && IsDistributedScan(scan) &&
           plan::IsSingleShard(scan->custom_private) && !ReadsLocalTables(statement);
}

// Columns alone are what most plans have.
static bool CallsMutableFunctions(const List* expressions) {
    ListCell* cell;
    foreach (cell, expressions) {
        Node* node = (Node*)lfirst(cell);
        if (IsA(node, TargetEntry)) node = (Node*)((TargetEntry*)node)->expr;
        if (!IsA(node, Var) && contain_mutable_functions(node)) return true;
    }
    return false;
}

// Functions may give statements of their own that see the same snapshot.
static bool CallsMutableFunctions(const Plan* plan) {
    if (CallsMutableFunctions(plan->targetlist) || CallsMutableFunctions(plan->qual)) return true;
    auto calls = [](Node* expression) { return contain_mutable_functions(expression); };
    if (IsA(plan, Limit)) return calls(((const Limit*)plan)->limitOffset) || calls(((const Limit*)plan)->limitCount);
    if (IsA(plan, Result)) return calls(((const Result*)plan)->resconstantqual);
    if (!IsA(plan, WindowAgg)) return false;
    return calls(((const WindowAgg*)plan)->startOffset) || calls(((const WindowAgg*)plan)->endOffset);
}

const CustomScan* FindSoleScan(const PlannedStmt* statement) {
    if (statement->subplans != NIL) return nullptr;
    for (const Plan* plan = statement->planTree; plan != nullptr; plan = outerPlan(plan)) {
        if (CallsMutableFunctions(plan)) return nullptr;
        if (IsA(plan, CustomScan)) {
            const CustomScan* scan = (const CustomScan*)plan;
            return IsDistributedScan(scan) && scan->custom_plans == NIL ? scan : nullptr;
        }
        if (innerPlan(plan) != nullptr) return nullptr;
    }
    return nullptr;
}

NodesRead FindNodesRead(const PlannedStmt* statement) {
    NodesRead nodes = {};
    ReadsOfPlan reads = {&nodes, 0, true};
    WalkPlan(&reads, statement->planTree);
    WalkPlans(&reads, statement->subplans);
    if (reads.scans == 0) return nodes;
    bool local = ReadsLocalTables(statement);
    nodes.own = nodes.own || local;
    nodes.one_task = reads.scans == 1 && reads.all_routed && !local;
    if (nodes.several()) AddTables(&nodes, statement);
    return nodes;
}

}  // namespace herd::executor
