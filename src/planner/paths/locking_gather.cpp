#include "planner/paths/locking_gather.h"

#include "catalog/metadata.h"
#include "planner/paths/gather_path.h"

extern "C" {
#include <nodes/plannodes.h>
#include <optimizer/cost.h>
#include <optimizer/optimizer.h>
#include <optimizer/pathnode.h>
#include <optimizer/paths.h>
#include <optimizer/tlist.h>
#include <parser/parsetree.h>
}

namespace herd::planner {

// Not every row may be asked for, and who doesn't ask doesn't lock.
static bool ReadsAllRows(const PlannerInfo* root) {
    for (; root != nullptr; root = root->parent_root) {
        const Query* parse = root->parse;
        if (parse->limitCount != nullptr || parse->limitOffset != nullptr || root->tuple_fraction > 0) return false;
    }
    return true;
}

static bool LocksShellsOnly(PlannerInfo* root) {
    ListCell* cell;
    foreach (cell, root->rowMarks) {
        const PlanRowMark* mark = (const PlanRowMark*)lfirst(cell);
        if (!RowMarkRequiresRowShareLock(mark->markType)) continue;
        Oid relid = planner_rt_fetch(mark->rti, root)->relid;
        // A reference table's row is locked in this server's copy, where all who lock it meet.
        if (!catalog::IsShell(relid) || catalog::GetTable(relid)->is_reference()) return false;
    }
    return true;
}

static RelOptInfo* RowsToLock(PlannerInfo* root) {
    int relid;
    if (bms_get_singleton_member(root->all_baserels, &relid)) return find_base_rel(root, relid);
    return find_join_rel(root, root->all_baserels);
}

// What it computes is computed here. Null if it needs more than plain columns.
static PathTarget* ColumnsOf(PlannerInfo* root, const RelOptInfo* input) {
    PathTarget* columns = create_empty_pathtarget();
    List* vars = pull_var_clause((Node*)input->reltarget->exprs, PVC_RECURSE_PLACEHOLDERS);
    add_new_columns_to_pathtarget(columns, vars);
    ListCell* cell;
    foreach (cell, columns->exprs)
        if (!IsPlainColumn((const Var*)lfirst(cell))) return nullptr;
    return set_pathtarget_cost_width(root, columns);
}

void AddLockingGather(PlannerInfo* root, RelOptInfo* final_rel) {
    Query* parse = root->parse;
    if (parse->commandType != CMD_SELECT || parse->rowMarks == NIL || parse->hasTargetSRFs) return;
    if (!ReadsAllRows(root) || !LocksShellsOnly(root)) return;
    RelOptInfo* input = RowsToLock(root);
    const Fragment* fragment = input == nullptr ? nullptr : FragmentOf(input);
    if (fragment == nullptr || fragment->group == nullptr || fragment->broadcasts != NIL) return;
    PathTarget* columns = ColumnsOf(root, input);
    if (columns == nullptr) return;
    FragmentOutput output;
    output.targets = columns->exprs;
    output.locks = root->rowMarks;
    Path* path = MakeGatherPath(final_rel, columns, fragment, output, input->rows);
    path = apply_projection_to_path(root, final_rel, path, root->upper_targets[UPPERREL_DISTINCT]);
    if (root->sort_pathkeys != NIL) path = (Path*)create_sort_path(root, final_rel, path, root->sort_pathkeys, -1.0);
    PathTarget* target = root->upper_targets[UPPERREL_FINAL];
    if (path->pathtarget != target) path = apply_projection_to_path(root, final_rel, path, target);
    final_rel->pathlist = list_make1(path);
    final_rel->partial_pathlist = NIL;
}

}  // namespace herd::planner
