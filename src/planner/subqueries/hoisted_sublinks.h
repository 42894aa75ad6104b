// Subqueries in the expressions of a fragment that depend on none of its rows: where the shards can't answer them, they are computed here,
// once and before, and their values travel as parameters.
//
// Told from the query alone; who gives them values is paths/hoisted_values.h.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/parsenodes.h>
#include <nodes/primnodes.h>
}

namespace herd::planner {

enum class Hoisting {
    kNone,
    kValues,  // those that yield one value or row
    kAll,     // those too that yield a list to compare with: it travels as arrays
};

// A copy with parameters in their places, to be looked at. Null if there are none.
Query* WithoutHoisted(Query* query, Hoisting hoisting);

// Does the query take anything from those around it that would not be hoisted? What is hoisted may read their WITH.
bool DependsOutside(Query* query);

// Marks them in the query, for ReplaceHoisted(). Their queries.
List* MarkHoisted(Query* query, Hoisting hoisting);

// Gives the expressions that stand for one: its values, an array for each column of a list.
using HoistedValues = List* (*)(Query* subquery, void* argument);

// Replaces those that are marked by what `values` gives for each. The query handed to it yields all the values in one row, and is at the
// level of `query`.
Query* ReplaceHoisted(Query* query, HoistedValues values, void* argument);
bool HasHoisted(Query* query);

}  // namespace herd::planner
