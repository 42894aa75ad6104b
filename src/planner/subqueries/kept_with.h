// Members of WITH that are computed once and kept, for whoever reads them.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::planner {

// Does PostgreSQL put it in the place of its only reference?
bool IsInlined(const CommonTableExpr* cte);

// Does the query's own WITH keep rows of shards, which a part of the query that goes to the shards would take along?
bool KeepsShardRows(const Query* query);

// Does an expression of the query have a subquery that reads the query's own WITH?
bool ReadsOwnWith(Node* expression);

}  // namespace herd::planner
