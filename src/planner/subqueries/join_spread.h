// How the rows of a FROM clause lie on the shards.
#pragma once

#include "postgres/pg.h"

#include "planner/subqueries/spread.h"

namespace herd::planner {

// Fills in level->keys.
Residence SpreadOfJoinTree(Level* level, const catalog::Group* group);

}  // namespace herd::planner
