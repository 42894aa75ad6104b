// What follows the joins of a query level: grouping, DISTINCT, ORDER BY.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/pathnodes.h>
}

namespace herd::planner {

// Body of create_upper_paths_hook.
void AddUpperGathers(PlannerInfo* root, UpperRelationKind stage, RelOptInfo* input, RelOptInfo* output, void* extra);

}  // namespace herd::planner
