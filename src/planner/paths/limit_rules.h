// LIMIT on its way to the shards.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/pathnodes.h>
}

namespace herd::planner {

// Is there a LIMIT whose row count is a constant or parameter? WITH TIES, too?
bool HasSimpleLimit(PlannerInfo* root);
bool HasSimpleLimitOrTies(PlannerInfo* root);
// Are the statement's rows, but for LIMIT, those of this relation that pass its conditions?
bool RowsAreStatements(PlannerInfo* root);
// As many rows of each shard are enough: LIMIT plus OFFSET.
Node* LimitPlusOffset(PlannerInfo* root);

}  // namespace herd::planner
