// Pins of the columns of members of WITH, also of those that read themselves. Internal to this folder.
#pragma once

#include "postgres/pg.h"

#include "planner/router/key_equalities.h"

namespace herd::planner {

// Relation rtindex of the innermost of the queries reads a member of WITH: what pins the member's columns pins the relation's.
void ConnectWith(PinContext* context, List* ancestors, int rtindex);

}  // namespace herd::planner
