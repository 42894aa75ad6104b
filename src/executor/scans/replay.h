// A nested loop asks a scan for the same rows again and again: they are kept when they come next, on disk if they are many.
#pragma once

#include "executor/scans/distributed_scan.h"

namespace herd::executor {

// The rows of the scan's next run are kept. Nothing to do for one that writes.
void PrepareReplay(DistributedScanState* state);
inline bool IsReplaying(const DistributedScanState* state) { return state->replayed != nullptr; }

// The next row that is kept; false if it is still to be fetched. If there is one, it must be kept then.
bool NextReplayed(DistributedScanState* state, TupleTableSlot* target);
void KeepForReplay(DistributedScanState* state, TupleTableSlot* row);

// From the first row again. False if none are kept.
bool RestartReplay(DistributedScanState* state);
void ForgetReplay(DistributedScanState* state);

}  // namespace herd::executor
