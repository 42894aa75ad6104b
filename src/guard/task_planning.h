// How a node plans a task that is not all its statement does here, or is about several shards.
//
// PostgreSQL's settings are about a statement. Where a statement's tasks come over several connections, these and their parallel workers are as
// many processes together as max_parallel_workers_per_gather allows one statement. And what JIT compiles grows with the shards in a task's
// text, while each part runs over a shard's rows alone: the part's cost decides.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/plannodes.h>
}

namespace herd::guard {

// Leaves a connection its share of the workers. The settings' nesting level to hand to RestoreWorkers(), or 0; an error's abort restores too.
int DivideWorkers(int connections);
void RestoreWorkers(int level);

void DecideJitByShard(PlannedStmt* plan);

}  // namespace herd::guard
