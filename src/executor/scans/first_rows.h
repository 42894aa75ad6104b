// The first rows of all shards in order, for a scan whose reader stops when it has enough: rows come in rounds, and each round asks every shard for
// more than the one before. Internal to this module.
#pragma once

#include "postgres/pg.h"

#include "executor/scans/distributed_scan.h"

namespace herd::executor {

bool ReadsFirstRows(const DistributedScanState* state);
// False when no shard has more.
bool NextFirstRow(DistributedScanState* state, TupleTableSlot* target);
void EndFirstRows(DistributedScanState* state);

}  // namespace herd::executor
