// Reading a table's constraints.
#pragma once

#include "postgres/pg.h"

namespace herd::commands {

// OIDs of the constraints of a table, in order of name.
List* ConstraintsOfTable(Oid relid);
// OIDs of the foreign keys of other tables that refer to this one.
List* ForeignKeysTo(Oid relid);

}  // namespace herd::commands
