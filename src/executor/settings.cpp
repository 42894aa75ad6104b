#include "postgres/pg.h"

#include "executor/settings.h"

extern "C" {
#include <utils/guc.h>
}

namespace herd::executor {

static int max_read_connections_per_node = 2;

void RegisterExecutorSettings() {
    DefineCustomIntVariable("herd.max_read_connections_per_node",
                            "Connections to one node that one statement may read over at a time.",
                            "A transaction that has written on a node uses one connection there.",
                            &max_read_connections_per_node, 2, 1, 64, PGC_USERSET, 0, nullptr, nullptr, nullptr);
}

int MaxReadConnectionsPerNode() { return max_read_connections_per_node; }

}  // namespace herd::executor
