// How the rows of a FROM clause lie on the shards.
#pragma once

#include "postgres/pg.h"

#include "planner/subqueries/spread.h"

namespace herd::planner {

// LevelKey*: the columns of all relations in the range table that are keys of the group, each of the shard where its own row is.
List* RelationKeys(Query* query, const catalog::Group* group);

// Fills in level->keys.
Residence SpreadOfJoinTree(Level* level, const catalog::Group* group);

}  // namespace herd::planner
