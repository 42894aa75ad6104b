#include "planner/paths/local_filter.h"

#include "planner/paths/gather_path.h"
#include "postgres/walk.h"

extern "C" {
#include <nodes/nodeFuncs.h>
#include <optimizer/clauses.h>
#include <optimizer/cost.h>
#include <optimizer/optimizer.h>
#include <optimizer/restrictinfo.h>
}

namespace herd::planner {

static bool VolatileSubPlanWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    if (IsA(node, SubPlan)) {
        const PlannerInfo* root = (const PlannerInfo*)context;
        const PlannerInfo* subroot = (PlannerInfo*)list_nth(root->glob->subroots, ((SubPlan*)node)->plan_id - 1);
        if (contain_volatile_functions((Node*)subroot->parse)) return true;
    }
    return postgres::WalkExpression(node, VolatileSubPlanWalker, context);
}

static bool ReadsPlainColumns(Node* clause) {
    ListCell* cell;
    foreach (cell, pull_var_clause(clause, PVC_INCLUDE_PLACEHOLDERS))
        if (!IsA(lfirst(cell), Var) || ((Var*)lfirst(cell))->varattno <= 0) return false;
    return true;
}

bool MayFilterLater(PlannerInfo* root, RestrictInfo* condition) {
    Node* clause = (Node*)condition->clause;
    // In which order the filters of a security barrier run must not change.
    if (condition->pseudoconstant || root->qual_security_level > 0) return false;
    if (contain_volatile_functions(clause) || VolatileSubPlanWalker(clause, root)) return false;
    return ReadsPlainColumns(clause);
}

List* ColumnsOfFilters(List* filters) {
    return pull_var_clause((Node*)extract_actual_clauses(filters, false), PVC_RECURSE_PLACEHOLDERS);
}

void AddFilterCosts(PlannerInfo* root, Path* path, List* filters) {
    if (filters == NIL) return;
    double passing = clauselist_selectivity(root, filters, 0, JOIN_INNER, nullptr);
    double arriving = clamp_row_est(path->rows / Max(passing, 1e-10));
    QualCost cost;
    cost_qual_eval(&cost, filters, root);
    path->startup_cost += cost.startup;
    path->total_cost += cost.startup + cost.per_tuple * arriving;
    path->total_cost += TransferCost(arriving - path->rows, path->pathtarget->width);
}

}  // namespace herd::planner
