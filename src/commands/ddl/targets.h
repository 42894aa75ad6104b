// Which distributed table a statement is about.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"

extern "C" {
#include <nodes/primnodes.h>
}

namespace herd::commands {

// Null if there is no such relation, or it is not distributed (a shell without distribution is not). An index stands for its table.
const catalog::DistributedTable* FindTarget(const RangeVar* relation);
// The same for a qualified name as a List of String.
const catalog::DistributedTable* FindTargetByName(List* name);
// Of a list of RangeVars: the first that is distributed, or null.
const catalog::DistributedTable* FindFirstTarget(List* relations);

// Do columns of distributed tables have this type, or one made of it?
bool IsTypeOfDistributedColumn(Oid type);

}  // namespace herd::commands
