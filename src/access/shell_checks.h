// What a touch of a shell outside our planner is allowed to do. All raise; none talks to a node.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <utils/relcache.h>
}

namespace herd::access {

// Raises unless the library was preloaded: without our hooks the shell would look like an empty table.
void CheckLibraryPreloaded();

// Raises kNotDistributed with a hint if the shell has no distribution.
void CheckDistributed(Relation shell);

// feature_not_supported for an operation on the rows of a shell that PostgreSQL started by itself; `operation` reads like "index
// scan".
[[noreturn]] void RaiseShellOperation(Relation shell, const char* operation);

// Records that a TRUNCATE reached the shell (see TakeTruncatedShells).
void RecordTruncatedShell(Oid relid);

}  // namespace herd::access
