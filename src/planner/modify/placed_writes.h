// Writes that shards can't carry out by themselves: PostgreSQL plans and executes them as for a table of its own, above gathers that say where
// each row is. Below each ModifyTable node that changes a distributed table goes HerdTargetRows (executor/writes/target_rows.h).
#pragma once

#include "postgres/pg.h"

#include "base/result.h"

extern "C" {
#include <nodes/plannodes.h>
}

namespace herd::planner {

// What keeps the statement's writes of distributed tables (its own, or in WITH) from being planned so. `own_target`: the statement's target counts
// too.
std::optional<Reason> PlacedWriteObstacle(Query* query, bool own_target);

// Prepares the plan's ModifyTable nodes.
void PlacePlannedWrites(PlannedStmt* statement);

}  // namespace herd::planner
