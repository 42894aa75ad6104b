// Subqueries in expressions that PostgreSQL evaluates once for every row, or looks up for every row.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::planner {

// One that depends on the row and is not turned into a join. In an expression of this level; in this expression.
bool HasHardSubLink(Query* query);
bool IsHard(Node* expression);

// Lists of values that conditions compare rows with otherwise than by a join: x NOT IN (SELECT …), x = 1 OR x IN (SELECT …). In a
// condition of FROM or WHERE of the query; in this condition.
bool HasListFilter(const Query* query);
bool IsListFilter(Node* condition);

}  // namespace herd::planner
