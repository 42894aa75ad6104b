// Which expressions may be part of a shard's definition (check constraints, indexes, generated columns).
//
// Shards are built by the superuser: what their definitions call when they are built or checked must be harmless whoever wrote
// it. Functions of users don't exist on the other nodes anyway.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/nodes.h>
}

namespace herd::commands {

// Raises for calls of anything but immutable functions, built-in or of extensions, and those stable ones that only look at the clock
// or the time zone. `what` names the expression's owner in the message, like: index "i".
void CheckExpression(Node* expression, const char* what);

// The same for the constraints of domains in the type: it is one, or an array or row of them.
void CheckTypeExpressions(Oid type);

}  // namespace herd::commands
