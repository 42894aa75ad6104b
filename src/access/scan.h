// Sequential scans of shells: the rows of all shards, through a gather.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <access/relscan.h>
#include <access/sdir.h>
#include <executor/tuptable.h>
#include <utils/snapshot.h>
}

namespace herd::access {

TableScanDesc BeginShellScan(Relation shell, Snapshot snapshot, int key_count, ParallelTableScanDesc parallel,
                             uint32 flags);
void RescanShell(TableScanDesc scan);
bool NextShellRow(TableScanDesc scan, ScanDirection direction, TupleTableSlot* slot);
void EndShellScan(TableScanDesc scan);

// ANALYZE: the shell reports one block, whose rows are a sample of all shards (analyze_sample.h). live_rows, 0 at first, ends as
// the number of rows in the table.
bool NextAnalyzeRow(TableScanDesc scan, double* live_rows, TupleTableSlot* slot);

}  // namespace herd::access
