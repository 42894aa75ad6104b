// Locking the first rows of ORDER BY … LIMIT: the shards send their first rows in that order, and more if some turn out to be locked by others
// or changed.
#pragma once

#include "postgres/pg.h"

#include "plan/distributed_plan.h"

extern "C" {
#include <nodes/pathnodes.h>
}

namespace herd::planner {

// Is the relation all that the statement reads, and its order one of plain columns?
bool MayReadFirstRows(PlannerInfo* root, const RelOptInfo* rel);

// Adds order and limit to the fragment, which selects `columns` (attribute numbers). Returns the constant that stands for the limit, which
// has to become a parameter of the SQL.
Node* OrderFirstRows(PlannerInfo* root, Query* fragment, List* columns, plan::FirstRows* first_rows);

}  // namespace herd::planner
