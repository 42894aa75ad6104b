#include "guard/task_planning.h"

extern "C" {
#include <jit/jit.h>
#include <nodes/parsenodes.h>
#include <optimizer/cost.h>
#include <utils/guc.h>
#include <utils/lsyscache.h>
}

namespace herd::guard {

// The processes are divided: the connections, and what is left of them for workers.
static int WorkersOfConnection(int workers_of_statement, int connections) {
    return Max((workers_of_statement + 1) / connections - 1, 0);
}

int DivideWorkers(int connections) {
    if (connections <= 1 || max_parallel_workers_per_gather == 0) return 0;
    int level = NewGUCNestLevel();
    int workers = WorkersOfConnection(max_parallel_workers_per_gather, connections);
    set_config_option("max_parallel_workers_per_gather", psprintf("%d", workers), PGC_USERSET, PGC_S_SESSION,
                      GUC_ACTION_SAVE, true, 0, false);
    return level;
}

void RestoreWorkers(int level) {
    if (level > 0) AtEOXact_GUC(true, level);
}

// Each has schemas of its own. (That of reference tables makes one more.)
static int CountShards(const PlannedStmt* plan) {
    List* schemas = NIL;
    ListCell* cell;
    foreach (cell, plan->rtable) {
        const RangeTblEntry* rte = lfirst_node(RangeTblEntry, cell);
        if (rte->rtekind == RTE_RELATION) schemas = list_append_unique_oid(schemas, get_rel_namespace(rte->relid));
    }
    return list_length(schemas);
}

void DecideJitByShard(PlannedStmt* plan) {
    if (plan->jitFlags == PGJIT_NONE) return;
    Cost cost = plan->planTree->total_cost / Max(CountShards(plan), 1);
    if (cost <= jit_above_cost) plan->jitFlags = PGJIT_NONE;
    if (cost <= jit_optimize_above_cost) plan->jitFlags &= ~PGJIT_OPT3;
    if (cost <= jit_inline_above_cost) plan->jitFlags &= ~PGJIT_INLINE;
}

}  // namespace herd::guard
