// Subqueries that each shard can compute by itself, found before PostgreSQL plans the statement. It plans them too, for its
// estimates, but keeps them as they are: they become relations of fragments (paths/subquery_gather.h).
#pragma once

#include "postgres/pg.h"

#include "planner/subqueries/spread.h"

namespace herd::planner {

struct FragmentSubqueries {
    const Query* unordered;  // nobody counts on the order of this one, if it has an order
    List* spreads;           // Spread*, in the order of their marks
    List* permissions;       // range table entries that the plan may hide
    List* hoisted;           // what paths/hoisted_values.h knows of subqueries in their expressions
};

// Marks the largest ones in FROM and in WITH, and those in LATERAL that the shard of the row they are for computes, in place. Those that
// PostgreSQL would merge into the query around them, and lose nothing by it, are left; parts of a query become new ones (level_split.h).
// unordered: a subquery of which nobody counts on the order; may be null.
FragmentSubqueries MarkFragmentSubqueries(Query* query, const Query* unordered);

// Are there values of composite types among the result's columns? Rows of a table's own type would come as rows of a shard's type.
bool HasRowOutput(const Query* query);

// While planning: lets MarkedSpread() know them. Nests.
FragmentSubqueries* EnterFragmentSubqueries(FragmentSubqueries* subqueries);
void LeaveFragmentSubqueries(FragmentSubqueries* previous);
// Those of the statement that is being planned; null if it has none.
FragmentSubqueries* CurrentSubqueries();

// Null if the query bears no mark.
const Spread* MarkedSpread(const Query* query);

// The query without its mark, as it was written.
void RemoveMark(Query* query);

}  // namespace herd::planner
