// DISTINCT, and ORDER BY with or without LIMIT, that the shards begin.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/pathnodes.h>
}

namespace herd::planner {

// For create_upper_paths_hook at UPPERREL_DISTINCT and UPPERREL_ORDERED; input is a scan or join that is a fragment.
void AddDistinctGather(PlannerInfo* root, RelOptInfo* input, RelOptInfo* distinct);
void AddTopGather(PlannerInfo* root, RelOptInfo* input, RelOptInfo* ordered);

}  // namespace herd::planner
