// The runs of a scan: one for each time its rows are asked for, or one for each batch of what is broadcast. Internal to this module.
#pragma once

#include "postgres/pg.h"

#include "executor/scans/distributed_scan.h"

namespace herd::executor {

// Starts a run with the values of the moment, in state->run_context.
void StartRun(DistributedScanState* state);
// Where the runs' tasks are reported, null if nobody asks.
TaskReports* ReportsOf(DistributedScanState* state);
// Ends it and adds its report to the scan's.
void StopRun(DistributedScanState* state);

// The same where rows are broadcast: the run of the first batch, false if there is none: then there is nothing to ask for.
bool StartFirstRun(DistributedScanState* state);
// After the end of a run. False if that was the last batch.
bool StartRunOfNextBatch(DistributedScanState* state);

}  // namespace herd::executor
