// Settings of the connections between nodes.
#pragma once

namespace herd::cluster {

extern int connect_timeout;  // ms
extern int max_connections_per_node;
extern int connection_queue_timeout;                // ms
extern int connection_time_slice;                   // ms
extern int max_prepared_statements_per_connection;  // kept on the node for one connection

void RegisterClusterSettings();

}  // namespace herd::cluster
