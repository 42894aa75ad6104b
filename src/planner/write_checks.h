// WITH CHECK conditions of policies and views. Policies' become a part of the new values where that is possible (row_guards). SQL has no words
// for the others, so the fragment returns each condition's value for the new row behind its RETURNING columns, and the executor raises where
// one is not true.
#pragma once

#include "postgres/pg.h"

#include "base/result.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::planner {

struct CheckedWrite {
    Query* query;  // the statement itself if it has no checks, else a copy that returns them
    List* checks;  // of lists (kind, relation name, policy name): see plan::RowCheck
};

Result<CheckedWrite> ReturnChecks(Query* query);

}  // namespace herd::planner
