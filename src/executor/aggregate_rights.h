// What PostgreSQL checks when it begins to compute an aggregate, for those that it doesn't see.
#pragma once

#include "postgres/pg.h"

namespace herd::executor {

// Raises unless the current user may.
void CheckMayCallAggregate(Oid aggregate);

// One of its functions, called for it: raises unless its owner may.
void CheckOwnerMayCall(Oid aggregate, Oid function);

}  // namespace herd::executor
