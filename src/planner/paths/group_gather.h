// Grouping and aggregation that the shards do, whole or in part.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/pathnodes.h>
#include <optimizer/planner.h>
}

namespace herd::planner {

// For create_upper_paths_hook at UPPERREL_GROUP_AGG.
void AddGroupGathers(PlannerInfo* root, RelOptInfo* input, RelOptInfo* grouped, GroupPathExtraData* extra);

// ---- states of groups, for others that gather them ----

// What the shards must deliver: groups, columns that depend on them, and aggregates.
PathTarget* StateTarget(PlannerInfo* root, const PathTarget* target, List* having);
// Turns the aggregates into partial ones. Fills in what the nodes are asked for; false if one can't be divided.
struct FragmentOutput;
bool DivideAggregates(PathTarget* states, FragmentOutput* output);
// Paths that combine them.
void AddFinalAggregation(PlannerInfo* root, RelOptInfo* grouped, Path* states, List* having, double group_count);

}  // namespace herd::planner
