// A task on the own node: in process, in the client's transaction and snapshot.
#pragma once

#include "postgres/pg.h"

#include "plan/plan_report.h"

extern "C" {
#include <executor/tuptable.h>
#include <nodes/params.h>
}

namespace herd::executor {

struct LocalTask;

// Starts the task in the current memory context. runs_once: a write (or a SELECT with a writing CTE), carried out completely here; else rows are
// computed as they are asked for. keep_plan: as in local_plans.h.
// shows_rows: the user may read the tables as a whole, so errors may show keys and rows. report: how its plan is wanted, or null.
LocalTask* BeginLocalTask(const char* sql, ParamListInfo parameters, bool runs_once, bool keep_plan, bool shows_rows,
                          const plan::PlanReportOptions* report);
// The next row as a virtual tuple, valid until the next call; false at the end.
bool LocalTaskNext(LocalTask* task, TupleTableSlot* slot);
uint64 LocalTaskAffectedRows(const LocalTask* task);
// After the last row; null if it isn't wanted.
const char* LocalTaskPlan(LocalTask* task);
void EndLocalTask(LocalTask* task);

}  // namespace herd::executor
