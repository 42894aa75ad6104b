// Roles on the nodes. A task runs as its user, whom the node must know by name; nobody logs in there as that role, and it needs no
// rights: access is checked on the coordinator.
#pragma once

#include "postgres/pg.h"

#include "base/ids.h"

namespace herd::operations {

// Creates the role on all other nodes that don't have one of that name.
void CreateRoleOnNodes(const char* role);
// All roles of this server, on a node that was just added.
void CreateRolesOnNode(NodeId node);

}  // namespace herd::operations
