// Which extensions the nodes have.
#pragma once

#include "catalog/extensions.h"

namespace herd::planner {

// Do all nodes have it in this server's version and schema? They are asked when a plan wants to know, and again after a minute; so what
// runs there must check it once more. A node that can't be asked has none.
bool NodesHaveExtension(const catalog::Extension& extension);

}  // namespace herd::planner
