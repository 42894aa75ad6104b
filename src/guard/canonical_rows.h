// A task is evaluated under the user's DateStyle, IntervalStyle and extra_float_digits, which travel with it, but its rows leave in a form
// that reads back exactly.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <executor/execdesc.h>
}

namespace herd::guard {

// Around ExecutorRun of a top-level statement: returns the receiver to put back.
DestReceiver* SendRowsCanonically(QueryDesc* query_desc);
// After the end of a statement whose rows were kept: they are sent before anything else happens.
void SendKeptRowsCanonically(const QueryDesc* query_desc);

}  // namespace herd::guard
