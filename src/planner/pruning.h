// Which shards hold the rows of one relation that conditions let through?
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"
#include "plan/distributed_plan.h"

extern "C" {
#include <nodes/pathnodes.h>
}

namespace herd::planner {

// clauses: conditions, or RestrictInfos, that all must hold for a row of the relation number relid. Sets pruning and the
// expression of its key if one of them tells; else leaves both as they are.
void FindPruning(const catalog::DistributedTable* table, Index relid, List* clauses, plan::Pruning* pruning,
                 Node** key);

}  // namespace herd::planner
