// Writing a node's plan into the coordinator's EXPLAIN, in its place of the tree.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <commands/explain.h>
}

namespace herd::observe {

// body: as plan::PrintPlan() writes it in es's format. In text it is a child of the node that is being explained, else properties behind others of the open group.
void PrintNestedPlan(const char* body, ExplainState* es);

}  // namespace herd::observe
