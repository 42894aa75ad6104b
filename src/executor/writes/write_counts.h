// What writes do is counted on the shell (pg_stat_user_tables), so that autovacuum analyzes it.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/nodes.h>
}

namespace herd::executor {

void CountWrites(Oid shell, CmdType command, uint64 rows);

}  // namespace herd::executor
