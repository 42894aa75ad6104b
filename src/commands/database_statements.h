// Statements about whole databases.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/nodes.h>
}

namespace herd::commands {

// A database that is dropped, copied, renamed or moved must have no sessions: sends its background worker away for as
// long as the statement takes, if the user may do such things to the database.
void KeepWorkersOut(Node* statement);

}  // namespace herd::commands
