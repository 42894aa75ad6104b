#include "planner/paths/doubtful_joins.h"

#include "catalog/metadata.h"

extern "C" {
#include <optimizer/cost.h>
#include <optimizer/optimizer.h>
#include <optimizer/pathnode.h>
#include <optimizer/restrictinfo.h>
#include <parser/parsetree.h>
}

namespace herd::planner {

static const double kLeastJoinedRows = 1000;

double RowsToExpect(Relids relids, double rows) {
    return bms_membership(relids) == BMS_MULTIPLE ? Max(rows, kLeastJoinedRows) : rows;
}

static bool ReadsShells(PlannerInfo* root, const RelOptInfo* joinrel) {
    int relid = -1;
    while ((relid = bms_next_member(joinrel->relids, relid)) >= 0) {
        const RangeTblEntry* rte = planner_rt_fetch(relid, root);
        if (rte->rtekind == RTE_RELATION && catalog::IsShell(rte->relid)) return true;
    }
    return false;
}

static bool ComparesSides(const RestrictInfo* condition, const RelOptInfo* outer, const RelOptInfo* inner) {
    return (bms_is_subset(condition->left_relids, outer->relids) &&
            bms_is_subset(condition->right_relids, inner->relids)) ||
           (bms_is_subset(condition->left_relids, inner->relids) &&
            bms_is_subset(condition->right_relids, outer->relids));
}

static List* HashClauses(const RelOptInfo* joinrel, const RelOptInfo* outer, const RelOptInfo* inner, JoinType jointype,
                         List* restrictlist) {
    List* clauses = NIL;
    ListCell* cell;
    foreach (cell, restrictlist) {
        RestrictInfo* condition = (RestrictInfo*)lfirst(cell);
        if (!condition->can_join || !OidIsValid(condition->hashjoinoperator)) continue;
        if (IS_OUTER_JOIN(jointype) && RINFO_IS_PUSHED_DOWN(condition, joinrel->relids)) continue;
        if (ComparesSides(condition, outer, inner)) clauses = lappend(clauses, condition);
    }
    return clauses;
}

static bool ComparesAll(const Path* path, const RelOptInfo* outer, const RelOptInfo* inner) {
    if (!IsA(path, NestPath)) return false;
    const JoinPath* join = &((const NestPath*)path)->jpath;
    return join->outerjoinpath->parent == outer && join->innerjoinpath->parent == inner &&
           PATH_REQ_OUTER(join->innerjoinpath) == nullptr;
}

static double DearerBy(const RelOptInfo* outer, const RelOptInfo* inner) {
    double expected = RowsToExpect(outer->relids, outer->rows) * RowsToExpect(inner->relids, inner->rows);
    return cpu_operator_cost * (expected - outer->rows * inner->rows);
}

static void AddHashJoin(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner, JoinType jointype,
                        JoinPathExtraData* extra, List* clauses) {
    Path* outer_path = outer->cheapest_total_path;
    Path* inner_path = inner->cheapest_total_path;
    if (PATH_REQ_OUTER(outer_path) != nullptr || PATH_REQ_OUTER(inner_path) != nullptr) return;
    JoinCostWorkspace workspace;
    initial_cost_hashjoin(root, &workspace, jointype, clauses, outer_path, inner_path, extra, false);
    add_path(joinrel, (Path*)create_hashjoin_path(root, joinrel, jointype, &workspace, extra, outer_path, inner_path,
                                                  false, extra->restrictlist, nullptr, clauses));
}

void DoubtNestedLoops(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner, JoinType jointype,
                      JoinPathExtraData* extra) {
    double dearer = DearerBy(outer, inner);
    if (!enable_hashjoin || dearer <= 0 || !bms_is_empty(joinrel->lateral_relids) || !ReadsShells(root, joinrel))
        return;
    if (jointype == JOIN_UNIQUE_OUTER || jointype == JOIN_UNIQUE_INNER) return;
    List* clauses = HashClauses(joinrel, outer, inner, jointype, extra->restrictlist);
    if (clauses == NIL) return;
    List* paths = list_copy(joinrel->pathlist);
    bool doubted = false;
    ListCell* cell;
    foreach (cell, paths) {
        Path* path = (Path*)lfirst(cell);
        if (!ComparesAll(path, outer, inner)) continue;
        doubted = true;
        joinrel->pathlist = list_delete_ptr(joinrel->pathlist, path);
        path->total_cost += dearer;
        add_path(joinrel, path);
    }
    if (doubted) AddHashJoin(root, joinrel, outer, inner, jointype, extra, clauses);
}

}  // namespace herd::planner
