// Subqueries in expressions that PostgreSQL evaluates once for every row.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::planner {

// One that depends on the row and is not turned into a join. In an expression of this level; in this expression.
bool HasHardSubLink(Query* query);
bool IsHard(Node* expression);

}  // namespace herd::planner
