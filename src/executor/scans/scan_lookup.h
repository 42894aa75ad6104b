// Rows that a scan keeps because it is asked again and again with another value: those of all values, or of the values that it is going to
// be asked for. Internal to this module.
#pragma once

#include "postgres/pg.h"

#include "executor/scans/distributed_scan.h"

namespace herd::executor {

// Are the rows of the run that is about to start to be found here? Fetches them if it is time to, and prepares those asked for.
bool LooksUp(DistributedScanState* state);
// Have parameters changed on which the rows in memory depend?
bool IsLookupStale(DistributedScanState* state);
// Begins anew with other values of those.
void RestartLookup(DistributedScanState* state);
void EndLookup(DistributedScanState* state);

}  // namespace herd::executor
