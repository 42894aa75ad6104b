// Which subqueries in the expressions of a query each shard can answer for its own rows.
#pragma once

#include "postgres/pg.h"

#include "planner/subqueries/spread.h"

namespace herd::planner {

// Is there one in the level's expressions that the shard of the level's row can't answer alone? The level's keys are known.
bool HasStrangeSubLinks(Level* level, const catalog::Group* group);

}  // namespace herd::planner
