// INSERT whose rows may go to any shard: PostgreSQL plans the rows' source, HerdInsert sends each row to its shard.
#pragma once

#include "postgres/pg.h"

#include "base/result.h"

extern "C" {
#include <nodes/plannodes.h>
}

namespace herd::planner {

// plan_source plans a SELECT (the rest of the statement) with everything that may be in it.
Result<PlannedStmt*> PlanDistributedInsert(Query* query, int cursor_options,
                                           PlannedStmt* (*plan_source)(Query* source, void* argument), void* argument);

}  // namespace herd::planner
