// Groups of one column of fixed size, by sorting instead of hashing.
//
// PostgreSQL takes a hash table to be cheaper whatever its size. With as many groups as a shard may have rows that is not so: each group costs a few
// cache misses when it is met and again when it is read, while values of a fixed size are sorted without their rows, in memory and in order. 125,000 groups of
// as many rows took twice as long by hashing, rows in any order (one core, work_mem 4 MB).
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/pathnodes.h>
}

namespace herd::guard {

// For create_upper_paths_hook, while a task is planned: GROUP BY and DISTINCT.
void PreferSortedGroups(PlannerInfo* root, UpperRelationKind stage, RelOptInfo* output);

}  // namespace herd::guard
