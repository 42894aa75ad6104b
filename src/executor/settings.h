// Settings of the executor.
#pragma once

#include "postgres/pg.h"

namespace herd::executor {

void RegisterExecutorSettings();

// herd.max_read_connections_per_node
int MaxReadConnectionsPerNode();
// herd.max_gathered_bytes; 0: no limit
uint64 MaxGatheredBytes();

}  // namespace herd::executor
