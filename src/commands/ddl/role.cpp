#include "commands/ddl/handlers.h"
#include "operations/node_roles.h"

extern "C" {
#include <nodes/parsenodes.h>
#include <utils/acl.h>
}

namespace herd::commands {

void HandleCreateRole(UtilityCall& call) {
    RunStandard(call);
    operations::CreateRoleOnNodes(reinterpret_cast<CreateRoleStmt*>(call.statement->utilityStmt)->role);
}

void HandleDropRole(UtilityCall& call) {
    List* names = NIL;
    ListCell* cell;
    foreach (cell, reinterpret_cast<DropRoleStmt*>(call.statement->utilityStmt)->roles) {
        const char* name = lfirst_node(RoleSpec, cell)->rolename;
        // What this server doesn't know (DROP ROLE IF EXISTS) is no business of its users on the nodes either.
        if (name != nullptr && OidIsValid(get_role_oid(name, true))) names = lappend(names, pstrdup(name));
    }
    RunStandard(call);
    operations::DropRolesOnNodes(names);
}

}  // namespace herd::commands
