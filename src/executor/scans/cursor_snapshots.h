// A cursor shows what its tables held when it was opened, whatever is committed or the transaction itself writes between its FETCHes.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <utils/snapshot.h>
}

namespace herd::executor {

// All nodes with shards of the table take the snapshot now with which the statement's tasks will run there. Waits for them.
void TakeStatementSnapshots(Oid relid, Snapshot snapshot);

}  // namespace herd::executor
