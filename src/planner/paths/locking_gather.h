// FOR UPDATE and its like, carried out by the shards while they read.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/pathnodes.h>
}

namespace herd::planner {

// For create_upper_paths_hook at UPPERREL_FINAL. Where each shard reads exactly the rows that are locked, it locks them. Elsewhere PostgreSQL's
// LockRows remains: it locks row by row, when a row is asked for, by the place from which the gather fetched it.
void AddLockingGather(PlannerInfo* root, RelOptInfo* final_rel);

}  // namespace herd::planner
