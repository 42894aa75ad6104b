// Handlers of utility statements, one per kind. Each looks whether a distributed table is concerned, and if not
// runs the statement as it is.
#pragma once

#include "postgres/pg.h"

#include "commands/utility_hook.h"

namespace herd::commands {

using UtilityHandler = void (*)(UtilityCall& call);

// Null for statements that never concern Herd; those must not cost a catalog lookup (some run in a failed transaction).
UtilityHandler FindHandler(NodeTag statement);

void HandleAlterTable(UtilityCall& call);
void HandleCreateTable(UtilityCall& call);
void HandleCreateIndex(UtilityCall& call);
void HandleRename(UtilityCall& call);
void HandleTruncate(UtilityCall& call);
void HandleDrop(UtilityCall& call);
void HandleSecurityLabel(UtilityCall& call);
void HandleCopyStatement(UtilityCall& call);
void HandleAlterEnum(UtilityCall& call);
void HandleCreateRole(UtilityCall& call);
void HandleDropRole(UtilityCall& call);
void HandleSetConstraints(UtilityCall& call);
void HandleAlterDomain(UtilityCall& call);
void HandleVacuum(UtilityCall& call);
void HandleCreateStatistics(UtilityCall& call);
void HandleAlterStatistics(UtilityCall& call);
// ALTER STATISTICS … RENAME TO; false if the object is not that of a distributed table.
bool RenameStatistics(UtilityCall& call);

// Statements that are refused for distributed tables, as a whole.
void HandleRefused(UtilityCall& call);

}  // namespace herd::commands
