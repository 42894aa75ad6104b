// The plans that nodes have for the tasks of a fragment that isn't executed.
#pragma once

#include "postgres/pg.h"

#include "executor/scans/distributed_scan.h"

namespace herd::executor {

// The tasks (PlannedTask) of the scan on these shards.
List* PlanTasks(const DistributedScanState* state, const int* shards, int shard_count);
PlannedTask PlanSingleTask(const DistributedScanState* state, const int* shard);

// Asks the task's node; nothing is executed there. As plan::PrintPlan() writes it; null if the plan depends on values that aren't known yet.
const char* AskForPlan(DistributedScanState* state, const PlannedTask& task, const plan::PlanReportOptions& options);

}  // namespace herd::executor
