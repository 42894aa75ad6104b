// A relation of a query whose correlated subqueries and lists its shards can compute, though not the query's joins: it becomes a subquery with them.
#pragma once

#include "postgres/pg.h"

#include "planner/subqueries/spread.h"

namespace herd::planner {

// Of relation rtindex; null if nothing is gained. The query is changed to read from the subquery in its place.
Query* SplitRelation(Query* query, int rtindex, Spread* spread);

}  // namespace herd::planner
