// Aggregates that users and extensions define, computed on nodes that don't have them: herd_state.run_aggregate() there is told their
// functions, where these may run there, or the expressions that functions in SQL are.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/primnodes.h>
}

namespace herd::planner {

enum class AggregateYields { kState, kResult };

// The call that a node understands, of the type of the aggregate's result, or of its state (serialized if it is internal). Null for built-in
// aggregates, and where the node can't compute it. The definition in it is read when the statement starts, which checks that the
// user may call the aggregate.
Aggref* DescribedAggregate(const Aggref* aggref, AggregateYields yields);

// The call that gives the aggregate's result here from such states, which `partial` yields. Null if there is none.
Aggref* CombiningAggregate(const Aggref* aggref, Aggref* partial);

// Aggregates that such calls stand for, and their functions, don't appear in the plan: PlanInvalItems that let it be made anew when
// they change. Of a query or an expression.
List* UserAggregateItems(Node* node);

}  // namespace herd::planner
