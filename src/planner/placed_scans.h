// On a node: a task that asks for a row of a shard by its ctid says so with herd.is_at(ctid, $1). It is planned as a scan of its own,
// HerdPlacedScan, which finds the row as the statement's snapshot sees it and accepts whatever has become of it since: PostgreSQL's scan by ctid
// would compare the ctid of a newer version with that of the old one.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/pathnodes.h>
}

namespace herd::planner {

// For set_rel_pathlist_hook.
void ScanByPlace(PlannerInfo* root, RelOptInfo* rel, const RangeTblEntry* rte);

}  // namespace herd::planner
