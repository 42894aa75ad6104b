// HerdInsert: the subplan's rows go to their shards in batches.
#pragma once

#include "postgres/pg.h"

#include "executor/tasks/task_reports.h"

extern "C" {
#include <nodes/extensible.h>
}

namespace herd::executor {

// Registers the scan's methods; once per backend, in _PG_init.
void RegisterDistributedInsert(void (*explain)(CustomScanState* node, List* ancestors, struct ExplainState* es));

// What its batches did; null unless it was measured.
const TaskReports* ReportsOfInsert(const CustomScanState* node);

}  // namespace herd::executor
