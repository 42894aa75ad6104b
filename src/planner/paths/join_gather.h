// Joins that the shards do by themselves.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/pathnodes.h>
}

namespace herd::planner {

// Body of set_join_pathlist_hook.
void AddJoinGather(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner, JoinType jointype,
                   JoinPathExtraData* extra);

}  // namespace herd::planner
