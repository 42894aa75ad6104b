// Aggregates that the shards begin and the coordinator finishes.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/pathnodes.h>
}

namespace herd::planner {

// The aggregate call that a node is asked for, to get the state of this one; null if there is none. The result has the
// type of a partial aggregate's (the state's, serialized if it is internal).
Aggref* StateAggregate(const Aggref* aggref);

// The aggregate call that gives this one's result from such states, which `partial` yields (a partial aggregate as
// mark_partial_aggref() leaves it); null if there is none. Unlike PostgreSQL's own combining it may stand beside aggregates of rows.
Aggref* FinalAggregate(const Aggref* aggref, Aggref* partial);

}  // namespace herd::planner
