// Policies' conditions on new rows, and the conditions of policies and views on rows that conflict with them, checked where and when PostgreSQL does: after the row's values are known, before constraints and indexes
// tell anything about other rows.
//
// SQL has no words for such a check, so it becomes a part of a value that is written: CASE WHEN condition THEN value ELSE
// herd.refuse_row(…) END. A check of the conflicting row precedes ON CONFLICT's condition in the same way.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::planner {

// A copy of the write in which the checks that can be are in its values, and gone from withCheckOptions; or the query itself.
// Checks with subqueries stay there, and those of rows whose values are volatile or assigned in parts.
Query* GuardNewRows(Query* query);

// herd.refuse_row(), which runs on nodes too.
bool IsRefuseRow(Oid function);

}  // namespace herd::planner
