// Is a statement all that its transaction does, and is the transaction committed as soon as it has ended?
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/execnodes.h>
}

namespace herd::executor {

// True only if nothing in this backend can fail between the end of this plan node and the commit: it is the whole plan of the only
// statement that a client sent, outside a transaction block, and its rows go to the client as they are. In the extended
// protocol the client's Sync must be here already: up to it, what a client sends is one transaction.
bool IsWholeTransaction(const PlanState* node);

}  // namespace herd::executor
