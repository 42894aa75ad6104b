// Gathering the rows of one base relation: the path that PostgreSQL's planner joins, aggregates and sorts above.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/pathnodes.h>
}

namespace herd::planner {

// Bodies of set_rel_pathlist_hook and get_relation_info_hook.
void ReplacePathsByGather(PlannerInfo* root, RelOptInfo* rel, RangeTblEntry* rte);
// Unique indexes of shells stay as proofs only.
void HideShellIndexes(RelOptInfo* rel, Oid relid);

}  // namespace herd::planner
