// Statements that one shard can answer alone.
#pragma once

#include "postgres/pg.h"

#include "base/result.h"
#include "planner/query_facts.h"

extern "C" {
#include <nodes/plannodes.h>
}

namespace herd::planner {

// SELECT, INSERT of one row, UPDATE or DELETE whose every hash-distributed table is pinned to one key value; PostgreSQL's
// planner is not called.
Result<PlannedStmt*> PlanRouter(Query* query, const QueryFacts& facts, int cursor_options);

// The same statement text on every shard (UPDATE and DELETE that are self-contained per shard), or on every
// placement of a reference table.
Result<PlannedStmt*> PlanFragmentWrite(Query* query, const QueryFacts& facts, int cursor_options);

}  // namespace herd::planner
