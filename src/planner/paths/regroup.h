// Groupings that states alone can't finish: DISTINCT aggregates and GROUPING SETS. The shards group by what the query's aggregates and grouping
// sets need to know apart, and PostgreSQL's own grouping runs here over these few rows: DISTINCT drops what several shards have, and other aggregates
// become aggregates of states.
#pragma once

#include "postgres/pg.h"

#include "planner/paths/fragment.h"

extern "C" {
#include <optimizer/planner.h>
}

namespace herd::planner {

// For UPPERREL_GROUP_AGG. groups: the expressions of GROUP BY; group_count: how many groups that makes.
void AddRegrouping(PlannerInfo* root, RelOptInfo* input, RelOptInfo* grouped, const Fragment* fragment, List* groups,
                   GroupPathExtraData* extra, double group_count);

}  // namespace herd::planner
