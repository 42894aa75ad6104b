// A query of which shards can do a part that PostgreSQL's planner would not give them: subqueries in expressions, about rows on the same
// shard as the outer row; set operations. That part becomes a subquery in FROM.
#pragma once

#include "postgres/pg.h"

#include "planner/subqueries/spread.h"

namespace herd::planner {

// A set operation some of whose arms are about one shard each, but not about the same one: they are better asked for apart.
bool HasPinnedArm(Query* query, const catalog::Group* group);

// The new subquery, with its spread (kSharded); null if nothing is gained. `query` is changed to read from it: all of it but ORDER BY
// and LIMIT, or its joins and conditions.
Query* SplitLevel(Query* query, Spread* spread);

}  // namespace herd::planner
