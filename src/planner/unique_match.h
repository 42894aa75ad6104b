// Do conditions let at most one row of a relation through? By its unique indexes.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::planner {

// conditions: that all must hold, of the query's own level. Is there at most one row of relation number rti for each row of relation number
// `given` (0: for the whole statement)? False if it can't be told.
bool MatchesOnce(const Query* query, List* conditions, int rti, int given);

// Surely at most one row in the result of a SELECT?
bool HasOneRow(const Query* query);

}  // namespace herd::planner
