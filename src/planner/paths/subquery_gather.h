// Subqueries in FROM that each shard computes by itself, as relations of fragments.
#pragma once

#include "postgres/pg.h"

#include "planner/paths/fragment.h"
#include "planner/subqueries/spread.h"

namespace herd::planner {

// For set_rel_pathlist_hook: makes a marked subquery (subqueries/fragment_subqueries.h) a fragment, and offers to gather it.
void AddSubqueryGather(PlannerInfo* root, RelOptInfo* rel, RangeTblEntry* rte);

// The output columns of the relation that are keys; nullable: after an outer join.
List* SubqueryKeys(const RelOptInfo* rel, const Spread* spread, bool nullable);

// Rows that the planned query reads of tables.
double TuplesOf(const PlannerInfo* root);

// The subquery as a range table entry of a fragment's Query; its references to the fragment's other relations are still the planner's.
RangeTblEntry* SubqueryEntry(const RangeTblEntry* rte);

}  // namespace herd::planner
