// Subqueries in FROM that each shard computes by itself, as relations of fragments.
#pragma once

#include "postgres/pg.h"

#include "planner/paths/fragment.h"

namespace herd::planner {

// For set_rel_pathlist_hook: makes a marked subquery (subqueries/fragment_subqueries.h) a fragment, and offers to gather it.
void AddSubqueryGather(PlannerInfo* root, RelOptInfo* rel, RangeTblEntry* rte);

// The subquery as a range table entry of a fragment's Query; its references to the fragment's other relations are still the planner's.
RangeTblEntry* SubqueryEntry(const RangeTblEntry* rte);

}  // namespace herd::planner
