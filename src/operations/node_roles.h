// Roles on the nodes. A task runs as its user, whom the node must know by name; nobody logs in there as that role, and it needs no
// rights: access is checked on the coordinator.
//
// Roles that a node's administrator made (those that may log in, superusers) are never dropped or renamed there.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/pg_list.h>
}

#include "base/ids.h"

namespace herd::operations {

// Creates the role on all other nodes that don't have one of that name.
void CreateRoleOnNodes(const char* role);
// A node that doesn't know the old name gets a role of the new one.
void RenameRoleOnNodes(const char* from, const char* to);
// names: of strings (char*). What something on a node depends on stays there.
void DropRolesOnNodes(List* names);
// All roles of this server, on a node that was just added.
void CreateRolesOnNode(NodeId node);
// All roles of this server, on all other nodes. Returns how many were missing.
int64 CreateMissingRoles();

}  // namespace herd::operations
