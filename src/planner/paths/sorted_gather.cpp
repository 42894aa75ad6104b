#include "planner/paths/sorted_gather.h"

#include "planner/paths/gather_path.h"

extern "C" {
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/clauses.h>
#include <optimizer/optimizer.h>
#include <optimizer/pathnode.h>
#include <utils/lsyscache.h>
}

namespace herd::planner {

// Sorting for ORDER BY alone is top_gather's.
static bool WantsOrder(const PlannerInfo* root, const RelOptInfo* rel) {
    const Query* parse = root->parse;
    if (root->query_pathkeys == NIL || parse->rowMarks != NIL || parse->hasTargetSRFs) return false;
    if (!bms_equal(rel->relids, root->all_baserels)) return false;
    return parse->groupClause != NIL || parse->hasWindowFuncs || parse->distinctClause != NIL;
}

// Is it of the relation's rows, not of what is computed of them later?
static bool IsOfRows(const RelOptInfo* rel, const EquivalenceMember* member) {
    Node* expression = (Node*)member->em_expr;
    return !bms_is_empty(member->em_relids) && bms_is_subset(member->em_relids, rel->relids) &&
           !contain_agg_clause(expression) && !contain_window_function(expression);
}

// The inner rows of a semijoin are gone: what is equal to theirs can't be read from them.
static bool IsReadable(const RelOptInfo* rel, EquivalenceMember* member) {
    constexpr int kAll = PVC_INCLUDE_PLACEHOLDERS | PVC_RECURSE_AGGREGATES | PVC_RECURSE_WINDOWFUNCS;
    ListCell* cell;
    foreach (cell, pull_var_clause((Node*)member->em_expr, kAll))
        if (!list_member(rel->reltarget->exprs, lfirst(cell))) return false;
    return true;
}

static EquivalenceMember* MemberIn(const RelOptInfo* rel, const EquivalenceClass* values) {
    ListCell* cell;
    if (values->ec_has_volatile) return nullptr;
    foreach (cell, values->ec_members) {
        EquivalenceMember* member = (EquivalenceMember*)lfirst(cell);
        if (!member->em_is_const && !member->em_is_child && IsOfRows(rel, member) && IsReadable(rel, member))
            return member;
    }
    return nullptr;
}

static bool AddSortColumn(const RelOptInfo* rel, const PathKey* key, FragmentOutput* output) {
    const EquivalenceMember* member = MemberIn(rel, key->pk_eclass);
    if (member == nullptr || exprCollation((Node*)member->em_expr) != key->pk_eclass->ec_collation) return false;
    Oid type = member->em_datatype;
    int number = list_length(output->sort) + 1;
    SortGroupClause* clause = makeNode(SortGroupClause);
    clause->tleSortGroupRef = number;
    clause->sortop = get_opfamily_member(key->pk_opfamily, type, type, (int16)key->pk_strategy);
    clause->eqop = get_opfamily_member(key->pk_opfamily, type, type, BTEqualStrategyNumber);
    clause->nulls_first = key->pk_nulls_first;
    // What is printed names no operator: it must be the type's usual one.
    if (!OidIsValid(clause->sortop) || !OidIsValid(clause->eqop) || type != exprType((Node*)member->em_expr))
        return false;
    TargetEntry* entry = makeTargetEntry(member->em_expr, number, nullptr, true);
    entry->ressortgroupref = number;
    output->sort = lappend(output->sort, clause);
    output->sort_targets = lappend(output->sort_targets, entry);
    output->targets = list_append_unique(output->targets, member->em_expr);
    return true;
}

void AddSortedGather(PlannerInfo* root, RelOptInfo* rel) {
    const Fragment* fragment = FragmentOf(rel);
    if (fragment == nullptr || fragment->group == nullptr || !WantsOrder(root, rel) || !MayMerge(fragment)) return;
    FragmentOutput output;
    output.targets = list_copy(rel->reltarget->exprs);
    ListCell* cell;
    foreach (cell, root->query_pathkeys)
        if (!AddSortColumn(rel, lfirst_node(PathKey, cell), &output)) return;
    if (!AllTravel(output.targets)) return;
    output.combined = true;
    output.merge_pathkeys = root->query_pathkeys;
    output.sorted_rows = rel->rows;
    add_path(rel, MakeGatherPath(rel, rel->reltarget, fragment, output, rel->rows));
}

}  // namespace herd::planner
