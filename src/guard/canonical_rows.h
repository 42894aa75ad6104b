// A task is evaluated under the user's DateStyle, IntervalStyle and extra_float_digits, which travel with it, but its rows leave in a form
// that reads back exactly.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <executor/execdesc.h>
}

namespace herd::guard {

// Before ExecutorRun of a top-level statement: may replace the receiver, which is to be put back after it.
void SendRowsCanonically(QueryDesc* query_desc);
// After the end of a statement whose rows were kept: they are sent before anything else happens.
void SendKeptRowsCanonically(const QueryDesc* query_desc);

}  // namespace herd::guard
