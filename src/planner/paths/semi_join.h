// EXISTS and NOT EXISTS inside a fragment.
#pragma once

#include "postgres/pg.h"

#include "planner/paths/fragment.h"

namespace herd::planner {

// Fills in FROM and WHERE of `joined`: the outer side's rows that have (anti: have not) a partner. False if rows above need columns of
// the inner side.
bool ComposeSemiJoin(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner, const Fragment* left,
                     const Fragment* right, bool anti, List* restrictlist, Fragment* joined);

}  // namespace herd::planner
