// The values of subqueries that are computed here before a fragment runs (subqueries/hoisted_sublinks.h): initial plans of the query that
// gathers it.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/pathnodes.h>
}

namespace herd::planner {

// Puts parameters in the place of such subqueries in a marked subquery of root's range table, as far as nodes are asked for it. False if
// too many values would travel: then it is no fragment any more.
bool HoistValues(PlannerInfo* root, RangeTblEntry* rte);

// While a gather is planned: its parameters are among these expressions. Those that stand for hoisted subqueries get their plans.
void PlanHoistedValues(PlannerInfo* root, List* expressions);

}  // namespace herd::planner
