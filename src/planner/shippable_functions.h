// Which functions give the same result on a node as here.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/nodes.h>
}

namespace herd::planner {

// Judges the node itself, not its arguments: immutable built-ins; stable built-ins that depend on the TimeZone alone, which every
// connection carries; functions that write values as text, of types whose text depends on no setting.
bool NodeShips(Node* node);

}  // namespace herd::planner
