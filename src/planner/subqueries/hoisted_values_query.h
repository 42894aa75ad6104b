// What yields the values of a subquery that is hoisted, and what stands for it where they have travelled. Internal to hoisted_sublinks.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/parsenodes.h>
#include <nodes/primnodes.h>
}

namespace herd::planner {

// Is it compared with each of its rows?
bool YieldsList(const SubLink* link);

// Selects the values that the sublink needs, in one row or none: its own, whether there are rows, or an array for each column. It is at the
// level around the query that the sublink is hoisted from; depth: of the sublink's own level below that query.
Query* SelectValues(const SubLink* link, int depth);

// The expression for the sublink, given expressions for these values.
Node* StandIn(const SubLink* link, List* values);

}  // namespace herd::planner
