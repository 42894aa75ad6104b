// Handing a row from one slot to another without copying its values.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <executor/tuptable.h>
}

namespace herd::executor {

// The target, a virtual slot of the same columns, shows the source's row for as long as the source holds it.
void ShareRow(TupleTableSlot* source, TupleTableSlot* target);

}  // namespace herd::executor
