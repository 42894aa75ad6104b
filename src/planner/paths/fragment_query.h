// From a fragment to the Query that runs on a shard.
#pragma once

#include "postgres/pg.h"

#include "planner/paths/fragment.h"

namespace herd::planner {

// SELECT targets FROM … WHERE …; the targets are expressions over the fragment's relations. Nothing is shared with the planner.
Query* FragmentToQuery(PlannerInfo* root, const Fragment* fragment, List* targets);

// The constants that stand for the arrays of the broadcasts, in the order of their columns, in a Query from FragmentToQuery(). They are
// told apart by their type modifiers.
List* BroadcastPlaceholders(const Query* query);

// An expression of the planner's numbering in that of a Query made from the same fragment.
Node* InFragmentQuery(PlannerInfo* root, const Fragment* fragment, Node* expression);

}  // namespace herd::planner
