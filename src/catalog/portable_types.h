// Types whose values mean the same in binary on all nodes.
#pragma once

#include "postgres/pg.h"

namespace herd::catalog {

// Not those whose binary form holds OIDs that differ between nodes: of named objects, of users' types within arrays, ranges and rows.
// Domains have the form of their base type; ask for that. Enums' is the label.
bool HasPortableBinary(Oid type);

}  // namespace herd::catalog
