// An aggregate over the rows that belong to an outer row: the shards give states for every value, which are fetched once and looked up.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/pathnodes.h>
#include <optimizer/planner.h>
}

namespace herd::planner {

// For create_upper_paths_hook at UPPERREL_GROUP_AGG, of a correlated subquery without groups over one distributed table.
void AddGroupedLookup(PlannerInfo* root, RelOptInfo* input, RelOptInfo* grouped, GroupPathExtraData* extra);

}  // namespace herd::planner
