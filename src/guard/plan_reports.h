// A task's plan and what it did, for EXPLAIN ANALYZE on the coordinator (plan/plan_report.h).
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <executor/execdesc.h>
}

namespace herd::guard {

// Before ExecutorStart, behind EnterStart(): has the task measured if the coordinator wants its plan.
void MeasureTask(QueryDesc* query_desc);
// After ExecutorRun: sends the plan then, before the end of the task's reply.
void SendPlanReport(QueryDesc* query_desc);

}  // namespace herd::guard
