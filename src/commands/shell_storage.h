// Turning a table into a shell and back: PostgreSQL's own ALTER TABLE … SET ACCESS METHOD, under the access method's DDL mode.
#pragma once

#include "postgres/pg.h"

namespace herd::commands {

// The rows, which are in the shards already, vanish from the table; indexes stay as empty definitions. rows: for the planner's
// statistics, negative if unknown. Does nothing to a table with access method herd.
void TurnIntoShell(Oid relid, double rows);
// The rows of all shards come back into the table.
void TurnIntoHeap(Oid relid);

}  // namespace herd::commands
