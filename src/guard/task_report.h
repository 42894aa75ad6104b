// A task says what its snapshot sees ahead of its rows, in a notice with SQLSTATE kSnapshotReport: the report in hexadecimal digits.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <executor/execdesc.h>
}

namespace herd::guard {

// Before the task runs. Travels with the first rows if they will come soon enough.
void SendSnapshotReport(const QueryDesc* query_desc, uint32 window);

}  // namespace herd::guard
