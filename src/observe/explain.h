// What EXPLAIN says of Herd's scans: shards, one task's SQL and node, that node's plan; with ANALYZE tasks and bytes.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <commands/explain.h>
#include <nodes/execnodes.h>
}

namespace herd::observe {

// Fill the Explain slots of the scans' method tables (extern "C" functions).
extern "C" void HerdExplainScan(CustomScanState* node, List* ancestors, ExplainState* es);
extern "C" void HerdExplainInsert(CustomScanState* node, List* ancestors, ExplainState* es);

// Are nodes asked for their plans (herd.explain_node_plans)?
bool ShowsNodePlans();

void RegisterObserveSettings();

}  // namespace herd::observe
