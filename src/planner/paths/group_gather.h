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

}  // namespace herd::planner
