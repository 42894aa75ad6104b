// Dividing a query in two: one that shards compute, and one around it. Internal to this module.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::planner {

// A SELECT that stands for this one, and sorts and limits as it does. It has no columns yet, and nothing to read from.
Query* MakeOuterQuery(const Query* query);
void CopyOrderAndLimit(const Query* from, Query* to);

// The subquery in FROM: a relation of that name with its columns, but for the hidden ones. It is a level deeper then, from where it may read
// WITH of the queries around.
RangeTblEntry* MakeSubqueryEntry(Query* subquery, const char* name);
// The outer query reads from the inner one and from nothing else; WITH is the inner one's.
void ReadFrom(Query* outer, Query* inner, const char* name, List* conditions);
// Of the outer query: the inner query's column, under the same number and name.
TargetEntry* MakeOuterColumn(const TargetEntry* inner);

}  // namespace herd::planner
