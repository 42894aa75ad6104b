// Plans that compute an upper relation's columns in another form than the query has them.
//
// PostgreSQL's nodes find columns in the plan below by the equality of expressions. Above a grouping that computes count(DISTINCT x) as something
// else, they would look for count(DISTINCT x): so a node stands between that has the query's expressions, column by column. It does nothing, and is
// gone when planning ends.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/pathnodes.h>
#include <nodes/plannodes.h>
}

namespace herd::planner {

// `path` as one that yields the columns of `target`, each under the place that it has in the path's own target.
Path* RenameColumns(RelOptInfo* rel, Path* path, PathTarget* target);

// Takes such nodes out of a finished statement.
void RemoveRenaming(PlannedStmt* statement);

}  // namespace herd::planner
