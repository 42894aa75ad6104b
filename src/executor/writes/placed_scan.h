// On a node: the scan that finds a row of a shard by its ctid (planner/placed_scans.h).
#pragma once

namespace herd::executor {

// Once per backend, in _PG_init.
void RegisterPlacedScan();

}  // namespace herd::executor
