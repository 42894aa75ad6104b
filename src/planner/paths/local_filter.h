// Conditions that nodes can't check (subqueries, users' functions) as filters of the rows that a fragment's gather brings: the joins that the
// shards can do needn't wait for them.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/pathnodes.h>
}

namespace herd::planner {

// May the condition be checked on rows that were joined further, and maybe multiplied, meanwhile?
bool MayFilterLater(PlannerInfo* root, RestrictInfo* condition);

// The columns that they read.
List* ColumnsOfFilters(List* filters);

// What filtering adds to a gather's cost, and the rows that come and don't pass: path->rows is how many pass.
void AddFilterCosts(PlannerInfo* root, Path* path, List* filters);

}  // namespace herd::planner
