// HerdTargetRows: the custom scan below a ModifyTable node that changes a distributed table. Reads the node's rows ahead and has them locked,
// and carries the changes out when the node asks for more (row_changes.h).
#pragma once

#include "postgres/pg.h"

namespace herd::executor {

// Once per backend, in _PG_init.
void RegisterTargetRows();

}  // namespace herd::executor
