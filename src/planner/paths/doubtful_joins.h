// Joins are often expected to give a few rows and give thousands. Where an index is behind every table little is lost by that, but
// gathers have none: a nested loop over them compares all rows with all rows.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/pathnodes.h>
}

namespace herd::planner {

// Of a relation that the planner expects to have that many: at least a thousand if it is a join.
double RowsToExpect(Relids relids, double rows);

// Makes nested loops without an index as dear as they are with those rows, and offers a hash join for each.
void DoubtNestedLoops(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner, JoinType jointype,
                      JoinPathExtraData* extra);

}  // namespace herd::planner
