// The rows of a table are written anew when it is distributed. A snapshot of the whole transaction that is older finds none of them, neither in
// the shards nor, any more, where they were before.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"

extern "C" {
#include <executor/execdesc.h>
}

namespace herd::executor {

// Raises a serialization failure if the snapshot is the transaction's and older than the table's distribution.
void CheckIsSeen(const catalog::DistributedTable* table, Snapshot snapshot);
// The same for all distributed tables that the statement reads.
void CheckTablesAreSeen(const QueryDesc* query_desc);

}  // namespace herd::executor
