#include "planner/paths/grouped_lookup.h"

#include "catalog/metadata.h"
#include "planner/paths/gather_path.h"
#include "planner/paths/group_gather.h"
#include "planner/paths/lookup_keys.h"

extern "C" {
#include <optimizer/cost.h>
#include <optimizer/optimizer.h>
#include <optimizer/pathnode.h>
#include <optimizer/restrictinfo.h>
#include <optimizer/tlist.h>
#include <parser/parse_oper.h>
#include <parser/parsetree.h>
#include <utils/lsyscache.h>
#include <utils/selfuncs.h>
}

namespace herd::planner {

// Are two values that GROUP BY takes for one the same to this operator?
static bool KeepsGroups(const Var* column, Oid operator_id, Oid collation) {
    Oid equality;
    get_sort_group_operators(column->vartype, false, false, false, nullptr, &equality, nullptr, nullptr);
    if (!OidIsValid(equality) || collation != column->varcollid) return false;
    ListCell* cell;
    foreach (cell, get_mergejoin_opfamilies(operator_id))
        if (op_in_opfamily(equality, lfirst_oid(cell))) return true;
    return false;
}

// The column that the condition compares with the outer row's value; null if its groups would not do.
static Var* GroupColumn(const RelOptInfo* rel, const RestrictInfo* condition) {
    if (!IsA(condition->clause, OpExpr) || list_length(((OpExpr*)condition->clause)->args) != 2) return nullptr;
    const OpExpr* op = (const OpExpr*)condition->clause;
    ListCell* cell;
    foreach (cell, op->args) {
        Var* var = (Var*)lfirst(cell);
        if (!IsA(var, Var) || var->varno != (int)rel->relid || var->varattno <= 0) continue;
        return KeepsGroups(var, op->opno, op->inputcollid) ? var : nullptr;
    }
    return nullptr;
}

// NIL if there is a condition on the outer row that is not about a column's value.
static List* GroupColumns(const RelOptInfo* rel, const Lookup* lookup) {
    List* columns = NIL;
    ListCell* cell;
    foreach (cell, lookup->correlated) {
        Var* column = GroupColumn(rel, (RestrictInfo*)lfirst(cell));
        if (column == nullptr) return NIL;
        columns = list_append_unique(columns, column);
    }
    return columns;
}

static bool IsFit(PlannerInfo* root, const RelOptInfo* input) {
    const Query* parse = root->parse;
    if (root->parent_root == nullptr || !parse->hasAggs || parse->groupClause != NIL || parse->groupingSets != NIL ||
        parse->hasTargetSRFs || root->hasNonPartialAggs || root->hasNonSerialAggs || root->rowMarks != NIL)
        return false;
    if (input->reloptkind != RELOPT_BASEREL || input->rtekind != RTE_RELATION) return false;
    Oid relid = planner_rt_fetch(input->relid, root)->relid;
    return catalog::IsShell(relid) && !catalog::GetTable(relid)->is_reference();
}

// The states depend on the outer row otherwise than by the conditions.
static bool AggregateOuterRow(PlannerInfo* root, const PathTarget* states) {
    ListCell* cell;
    foreach (cell, states->exprs)
        if (ReadsOuterRow(root, (Node*)lfirst(cell))) return true;
    return false;
}

// The groups of some values: where others decide which shards are asked, the values don't.
static const Fragment* FragmentOfKeys(PlannerInfo* root, RelOptInfo* input, Oid shell, const Lookup* lookup) {
    RestrictInfo* keys = KeysCondition(root, lookup);
    if (keys == nullptr) return nullptr;
    List* others = list_difference_ptr(input->baserestrictinfo, lookup->correlated);
    const Fragment* fragment = BaseFragmentWhere(root, input, shell, lcons(keys, others));
    return fragment != nullptr && fragment->local == NIL ? fragment : nullptr;
}

static double DistinctValues(PlannerInfo* root, Var* column) {
    VariableStatData statistics;
    bool is_default;
    examine_variable(root, (Node*)column, 0, &statistics);
    double values = get_variable_numdistinct(&statistics, &is_default);
    ReleaseVariableStats(statistics);
    return values;
}

// Of one request among many.
static void SetLookupCost(PlannerInfo* root, Path* path, RelOptInfo* input, const Fragment* all, List* columns,
                          Lookup* lookup) {
    // Estimates take into account that one value is asked for.
    double groups = estimate_num_groups(root, columns, input->tuples, nullptr, nullptr) * SendingTasks(all);
    double rows_of_key = clamp_row_est(Min(groups, input->rows));
    double all_rows = Min(input->tuples, DistinctValues(root, lookup->column) * rows_of_key);
    lookup->costs =
        CostsOfLookup(input, catalog::GetTable(all->anchor), lookup, rows_of_key, all_rows, path->pathtarget->width);
    double fetching = path->total_cost + TransferCost(Min(groups, input->tuples), path->pathtarget->width);
    path->startup_cost = kRoundTripCost;
    path->total_cost = kRoundTripCost + fetching / kRequestsOfLookup;
}

void AddGroupedLookup(PlannerInfo* root, RelOptInfo* input, RelOptInfo* grouped, GroupPathExtraData* extra) {
    if (!IsFit(root, input)) return;
    Lookup* lookup = FindLookup(root, input);
    List* columns = lookup == nullptr ? NIL : GroupColumns(input, lookup);
    if (columns == NIL) return;
    Oid shell = planner_rt_fetch(input->relid, root)->relid;
    const Fragment* one = BaseFragment(root, input, shell);
    const Fragment* all =
        BaseFragmentWhere(root, input, shell, list_difference_ptr(input->baserestrictinfo, lookup->correlated));
    if (one == nullptr || all == nullptr || one->local != NIL || all->local != NIL) return;
    List* having = (List*)extra->havingQual;
    PathTarget* target = StateTarget(root, grouped->reltarget, having);
    if (AggregateOuterRow(root, target)) return;
    FragmentOutput output;
    output.grouped = true;
    output.combined = true;
    output.groups = columns;
    if (!DivideAggregates(target, &output) || !AllTravel(output.groups)) return;
    output.targets = list_concat_copy(target->exprs, columns);
    output.sent = list_concat(output.sent, list_copy(columns));
    output.local_quals = extract_actual_clauses(lookup->correlated, false);
    OutputLookup* output_lookup = (OutputLookup*)palloc(sizeof(OutputLookup));
    *output_lookup = {all, FragmentOfKeys(root, input, shell, lookup), lookup};
    output.lookup = output_lookup;
    set_pathtarget_cost_width(root, target);
    RelOptInfo* rel = fetch_upper_rel(root, UPPERREL_PARTIAL_GROUP_AGG, input->relids);
    Path* states = MakeGatherPath(rel, target, one, output, SendingTasks(one));
    SetLookupCost(root, states, input, all, columns, lookup);
    AddFinalAggregation(root, grouped, states, having, 1);
}

}  // namespace herd::planner
