// How the rows of a query lie on the shards, told from the query alone, before anything is planned.
//
// Answers for a whole query with everything in it: joins, grouping, windows, set operations, CTEs, subqueries, correlated or not.
// Errs on the side of kElsewhere.
#pragma once

#include "postgres/pg.h"

#include "planner/subqueries/hoisted_sublinks.h"
#include "planner/subqueries/key_classes.h"

namespace herd::planner {

enum class Residence {
    kElsewhere,   // it can't be computed shard by shard
    kEverywhere,  // no rows of shards in it: every node computes the same
    kSharded,     // each shard computes its part, and the parts together are the result
    kWithRow,     // for each row of an outer query, the shard of that row computes all of it
};

struct Spread {
    Residence residence;
    const catalog::Group* group;          // null for kEverywhere
    Oid anchor;                           // a table of the group
    List* keys;                           // LevelKey* of the result's columns, with rtindex 0
    Hoisting hoisting = Hoisting::kNone;  // which subqueries in its expressions must be computed here for that
};

// LIMIT or an OFFSET that leaves rows out.
bool HasLimit(const Query* query);

// outer: the levels that the query may refer to, with their keys; null if it refers to none.
// Parts that can't be evaluated on nodes make it kElsewhere, unless they are subqueries that may be hoisted.
Spread FindSpread(Query* query, const Level* outer);

// The same of a query that is known to have tables of this group and reference tables alone, and to ship; without group and anchor.
Spread SpreadOfQuery(Query* query, const Level* outer, const catalog::Group* group);
// And of a member of WITH RECURSIVE that reads itself; around: the level whose WITH it is.
Spread SpreadOfRecursion(const CommonTableExpr* cte, const Level* around, const catalog::Group* group);

}  // namespace herd::planner
