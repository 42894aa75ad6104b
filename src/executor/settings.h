// Settings of the executor.
#pragma once

namespace herd::executor {

void RegisterExecutorSettings();

// herd.max_read_connections_per_node
int MaxReadConnectionsPerNode();

}  // namespace herd::executor
