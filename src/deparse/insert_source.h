// The rows of an INSERT. Internal to this module.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::deparse {

// Makes VALUES or SELECT deliver the target list's columns in its order: the deparser prints the source as it is, and defaults and another
// order stand outside of it. The target list must have one entry for each assignment.
void FixInsertSource(Query* query);

}  // namespace herd::deparse
