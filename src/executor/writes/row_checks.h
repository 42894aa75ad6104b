// Raising where a new row breaks a policy's or a view's WITH CHECK condition.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <executor/tuptable.h>
}

namespace herd::executor {

// checks: of plan::WriteRowCheck(); their values are the row's last columns. A null is not true.
void CheckNewRow(List* checks, TupleTableSlot* row);

}  // namespace herd::executor
