// Assignments to parts of a column, a[1] = … and c.x = …, as they stand in target lists. Internal to this module.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/primnodes.h>
}

namespace herd::deparse {

// The rewriter merges several assignments to parts of one column into one entry; the result has one each.
List* SplitTargetList(List* target_list);

// The value that is printed for an entry: what is left below assignments to parts.
Node* AssignedValue(const TargetEntry* entry);

}  // namespace herd::deparse
