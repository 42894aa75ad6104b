#include "postgres/pg.h"

#include "executor/settings.h"

extern "C" {
#include <utils/guc.h>
}

namespace herd::executor {

static int max_read_connections_per_node = 2;
static int max_gathered_kilobytes = 0;

void RegisterExecutorSettings() {
    DefineCustomIntVariable("herd.max_read_connections_per_node",
                            "Connections to one node that one statement may read over at a time.",
                            "A transaction that has written on a node uses one connection there.",
                            &max_read_connections_per_node, 2, 1, 64, PGC_USERSET, 0, nullptr, nullptr, nullptr);
    DefineCustomIntVariable("herd.max_gathered_bytes",
                            "A statement that brings more than this from other nodes, for one of its scans, is ended.",
                            "0: no limit.", &max_gathered_kilobytes, 0, 0, PG_INT32_MAX, PGC_USERSET, GUC_UNIT_KB,
                            nullptr, nullptr, nullptr);
}

uint64 MaxGatheredBytes() { return (uint64)max_gathered_kilobytes * 1024; }

int MaxReadConnectionsPerNode() { return max_read_connections_per_node; }

}  // namespace herd::executor
