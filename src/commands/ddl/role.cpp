#include "commands/ddl/handlers.h"
#include "operations/node_roles.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::commands {

// Roles that are dropped here stay on the nodes, where they can do nothing.
void HandleCreateRole(UtilityCall& call) {
    RunStandard(call);
    operations::CreateRoleOnNodes(reinterpret_cast<CreateRoleStmt*>(call.statement->utilityStmt)->role);
}

}  // namespace herd::commands
