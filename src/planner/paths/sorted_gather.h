// Rows of a scan or join in the order that the next step wants: groups of aggregates that can't be divided, windows, DISTINCT ON.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/pathnodes.h>
}

namespace herd::planner {

// Adds a path whose rows the shards sort and that are merged here. For the relation that is the whole FROM; does nothing for others.
void AddSortedGather(PlannerInfo* root, RelOptInfo* rel);

}  // namespace herd::planner
