#include "cluster/settings.h"

#include "postgres/pg.h"

extern "C" {
#include <utils/guc.h>
}

namespace herd::cluster {

int connect_timeout = 5000;
int max_connections_per_node = 80;
int connection_queue_timeout = 30000;
int connection_time_slice = 100;
int max_prepared_statements_per_connection = 500;

void RegisterClusterSettings() {
    DefineCustomIntVariable("herd.connect_timeout", "How long opening a connection to a node may take.",
                            "In milliseconds.", &connect_timeout, 5000, 10, 600000, PGC_USERSET, GUC_UNIT_MS, nullptr,
                            nullptr, nullptr);
    DefineCustomIntVariable(
        "herd.max_connections_per_node", "How many connections to each node all sessions of this server have together.",
        "Sessions that need one queue for it. Short-lived ones, for canceling and recovery, are not counted.",
        &max_connections_per_node, 80, 1, 100000, PGC_SIGHUP, 0, nullptr, nullptr, nullptr);
    DefineCustomIntVariable("herd.connection_queue_timeout", "How long a session waits for connections to be free.",
                            "In milliseconds; 0 means for ever.", &connection_queue_timeout, 30000, 0, 86400000,
                            PGC_USERSET, GUC_UNIT_MS, nullptr, nullptr, nullptr);
    DefineCustomIntVariable(
        "herd.connection_time_slice", "How long a busy session keeps its connections while others queue for them.",
        "In milliseconds, to the end of a transaction. Twenty times as long for encrypted connections, which the next "
        "session opens anew.",
        &connection_time_slice, 100, 0, 3600000, PGC_SIGHUP, GUC_UNIT_MS, nullptr, nullptr, nullptr);
    DefineCustomIntVariable("herd.max_prepared_statements_per_connection",
                            "How many prepared statements a session keeps on a node over one connection.",
                            "The least recently used ones are deallocated.", &max_prepared_statements_per_connection,
                            500, 1, 100000, PGC_USERSET, 0, nullptr, nullptr, nullptr);
}

}  // namespace herd::cluster
