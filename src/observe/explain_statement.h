// EXPLAIN ANALYZE: while it runs, nodes are asked for the plans of the tasks that it sends them (plan/plan_report.h).
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::observe {

// Around a utility statement. The first returns what the second needs; an error in between needs nothing.
int EnterExplain(Node* statement);
void LeaveExplain(int level);

}  // namespace herd::observe
