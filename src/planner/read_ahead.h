// Lookups that know what they will be asked for.
//
// A correlated subquery, or the inner side of a nested loop, gets one value after the other. Where a finished plan has a lookup there, HerdReadAhead
// is put above the rows that the values come from: it reads some of them ahead and offers their values to the lookup.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/plannodes.h>
}

namespace herd::planner {

// To be told of each lookup that is planned: without one there is nothing to do.
void NoteLookup();

void AddReadAhead(PlannedStmt* statement, int cursor_options);

}  // namespace herd::planner
