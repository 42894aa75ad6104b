// What this node knows of the cluster it belongs to (herd.cluster).
#pragma once

#include "postgres/pg.h"

namespace herd::catalog {

// The role whose sessions may send tasks to this node; InvalidOid while the node has joined no cluster or the extension
// is not in this database. Remembered once it is known.
Oid ServiceRole();

}  // namespace herd::catalog
