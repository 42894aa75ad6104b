// LATERAL subqueries whose rows are all on the shard of the row they are for.
#pragma once

#include "postgres/pg.h"

#include "planner/paths/fragment.h"

namespace herd::planner {

// The join (INNER or LEFT) of a fragment with such a subquery, marked by subqueries/fragment_subqueries.h. Null if it is none, or the
// fragment has other keys than it needs.
Fragment* JoinLateral(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner, JoinType jointype,
                      List* restrictlist);

}  // namespace herd::planner
