// What this node knows of the cluster it belongs to (herd.cluster) and of the coordinators that may send it tasks (herd.coordinator).
#pragma once

#include "postgres/pg.h"

namespace herd::catalog {

// The role whose sessions may send tasks to this node; InvalidOid while the node has joined no cluster or the extension
// is not in this database. Remembered once it is known.
Oid ServiceRole();

// The text of the cluster's uuid, palloc'd; "" without the extension.
char* OwnClusterId();

// Is a coordinator of this incarnation registered here? Looks with a fresh snapshot.
bool IsRegisteredCoordinator(int64 incarnation);
// The table of registered coordinators; InvalidOid without the extension.
Oid CoordinatorRelation();

}  // namespace herd::catalog
