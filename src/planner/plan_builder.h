// A PlannedStmt around one custom scan, made without PostgreSQL's planner.
#pragma once

#include "postgres/pg.h"

#include "plan/distributed_plan.h"

extern "C" {
#include <nodes/extensible.h>
#include <nodes/plannodes.h>
}

namespace herd::planner {

// Names under which the executor registers its scans.
inline constexpr const char* kRouterName = "HerdRouter";
inline constexpr const char* kGatherName = "HerdGather";
inline constexpr const char* kModifyName = "HerdModify";
inline constexpr const char* kInsertName = "HerdInsert";
inline constexpr const char* kTargetRowsName = "HerdTargetRows";
inline constexpr const char* kPlacedScanName = "HerdPlacedScan";
inline constexpr const char* kReadAheadName = "HerdReadAhead";

// The output columns of a fragment: the target list's visible entries (SELECT) or the RETURNING list, as typed NULLs. NIL if there are none.
List* OutputColumns(Query* query);

// A scan without a base relation that reads rows of `output` (OutputColumns) and yields all but the last `hidden` columns.
CustomScan* MakeOutputScan(const char* name, List* output, int hidden, List* custom_private, List* custom_exprs);

// For a node above `source` in a finished plan that costs nothing of its own: it is known by the source's costs, parameters and number.
void StandFor(const Plan* source, Plan* plan);

// What the executor needs to know of the statement: command, permissions, dependencies. The scan becomes the plan tree.
PlannedStmt* MakePlannedStatement(Query* query, Plan* tree, int cursor_options);

}  // namespace herd::planner
