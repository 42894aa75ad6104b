// What a subquery takes from the queries around it.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::planner {

// Does the subquery use columns or aggregates of a query that is `levels` or more levels around it (1: the next one)?
bool RefersOutside(Query* query, int levels);

}  // namespace herd::planner
