#include "planner/paths/top_gather.h"

#include "planner/paths/gather_path.h"
#include "planner/paths/limit_rules.h"

extern "C" {
#include <optimizer/pathnode.h>
#include <optimizer/optimizer.h>
#include <optimizer/planmain.h>
#include <optimizer/tlist.h>
#include <utils/selfuncs.h>
}

namespace herd::planner {

static const Fragment* DistributedFragment(PlannerInfo* root, const RelOptInfo* input) {
    if (root->parse->hasTargetSRFs || root->parse->rowMarks != NIL) return nullptr;
    const Fragment* fragment = FragmentOf(input);
    if (fragment == nullptr || fragment->group == nullptr || !AllTravel(input->reltarget->exprs)) return nullptr;
    return fragment;
}

static bool HasKey(const Fragment* fragment, List* expressions) {
    ListCell* cell;
    foreach (cell, expressions)
        if (IsKeyOf(fragment, (Node*)lfirst(cell))) return true;
    return false;
}

static List* WithSortColumns(List* targets, List* sorted) {
    targets = list_copy(targets);
    ListCell* cell;
    foreach (cell, sorted) targets = list_append_unique(targets, lfirst(cell));
    return targets;
}

// The first rows of each task's groups, merged, so that those of the whole come first again.
static void AddDistinctOn(PlannerInfo* root, RelOptInfo* input, RelOptInfo* distinct, const Fragment* fragment) {
    Query* parse = root->parse;
    if (!MayMerge(fragment) || root->distinct_pathkeys == NIL) return;
    bool sorts_all = list_length(parse->sortClause) >= list_length(parse->distinctClause);
    FragmentOutput output;
    output.sort = sorts_all ? parse->sortClause : parse->distinctClause;
    output.sort_targets = root->processed_tlist;
    List* sorted = get_sortgrouplist_exprs(output.sort, output.sort_targets);
    if (!AllTravel(sorted)) return;
    output.targets = WithSortColumns(input->reltarget->exprs, sorted);
    output.distinct_on = parse->distinctClause;
    output.combined = true;
    output.merge_pathkeys = sorts_all ? root->sort_pathkeys : root->distinct_pathkeys;
    output.sorted_rows = input->rows;
    List* expressions = get_sortgrouplist_exprs(parse->distinctClause, root->processed_tlist);
    double rows = estimate_num_groups(root, expressions, input->rows, nullptr, nullptr);
    double sent = Min(rows * SendingTasks(fragment), input->rows);
    Path* gather = MakeGatherPath(distinct, input->reltarget, fragment, output, sent);
    add_path(distinct,
             (Path*)create_upper_unique_path(root, distinct, gather, list_length(root->distinct_pathkeys), rows));
}

void AddDistinctGather(PlannerInfo* root, RelOptInfo* input, RelOptInfo* distinct) {
    Query* parse = root->parse;
    const Fragment* fragment = DistributedFragment(root, input);
    if (fragment == nullptr) return;
    if (parse->hasDistinctOn) return AddDistinctOn(root, input, distinct, fragment);
    List* expressions = get_sortgrouplist_exprs(parse->distinctClause, root->processed_tlist);
    double rows = estimate_num_groups(root, expressions, input->rows, nullptr, nullptr);
    FragmentOutput output;
    output.targets = input->reltarget->exprs;
    output.distinct = true;
    bool whole = fragment->broadcasts == NIL && HasKey(fragment, expressions);
    output.combined = !whole;
    double sent = whole ? rows : Min(rows * SendingTasks(fragment), input->rows);
    Path* gather = MakeGatherPath(distinct, input->reltarget, fragment, output, sent);
    if (whole) {
        add_path(distinct, gather);
        return;
    }
    if (grouping_is_hashable(parse->distinctClause))
        add_path(distinct, (Path*)create_agg_path(root, distinct, gather, gather->pathtarget, AGG_HASHED,
                                                  AGGSPLIT_SIMPLE, parse->distinctClause, NIL, nullptr, rows));
    // Without keys all columns are constants.
    if (!grouping_is_sortable(parse->distinctClause) || root->distinct_pathkeys == NIL) return;
    Path* sorted = (Path*)create_sort_path(root, distinct, gather, root->distinct_pathkeys, -1.0);
    add_path(distinct,
             (Path*)create_upper_unique_path(root, distinct, sorted, list_length(root->distinct_pathkeys), rows));
}

static void AddOrdered(PlannerInfo* root, RelOptInfo* ordered, Path* path) {
    PathTarget* target = root->upper_targets[UPPERREL_ORDERED];
    if (path->pathtarget != target) path = apply_projection_to_path(root, ordered, path, target);
    add_path(ordered, path);
}

// Where the first rows of more shards are wanted, each task is about few of them, so that their indexes' order can be used.
static const double kMostShardsOfFirstRows = 64;

// The tasks' rows come in order.
static void AddMerged(PlannerInfo* root, RelOptInfo* input, RelOptInfo* ordered, const Fragment* fragment,
                      FragmentOutput output, double rows) {
    if (!MayMerge(fragment)) return;
    if (output.limit != nullptr && VisitedShards(fragment) > kMostShardsOfFirstRows) return;
    List* sorted = get_sortgrouplist_exprs(output.sort, output.sort_targets);
    if (!AllTravel(sorted)) return;
    output.targets = WithSortColumns(output.targets, sorted);
    output.merge_pathkeys = root->sort_pathkeys;
    AddOrdered(root, ordered, MakeGatherPath(ordered, input->reltarget, fragment, output, rows));
}

void AddTopGather(PlannerInfo* root, RelOptInfo* input, RelOptInfo* ordered) {
    const Fragment* fragment = DistributedFragment(root, input);
    if (fragment == nullptr) return;
    bool limited = HasSimpleLimitOrTies(root);
    FragmentOutput output;
    output.targets = input->reltarget->exprs;
    output.sort = root->parse->sortClause;
    output.sort_targets = root->processed_tlist;
    output.sorted_rows = input->rows;
    output.limit = limited ? LimitPlusOffset(root) : nullptr;
    output.with_ties = limited && root->parse->limitOption == LIMIT_OPTION_WITH_TIES;
    output.combined = true;
    if (!AllShip(get_sortgrouplist_exprs(output.sort, output.sort_targets))) return;
    double rows = input->rows;
    if (limited && root->limit_tuples > 0) rows = Min(rows, root->limit_tuples * SendingTasks(fragment));
    if (root->sort_pathkeys != NIL) AddMerged(root, input, ordered, fragment, output, rows);
    if (!limited) return;
    Path* gather = MakeGatherPath(ordered, input->reltarget, fragment, output, rows);
    // Constants need no sort, and a sort by nothing would crash.
    if (root->sort_pathkeys != NIL)
        gather = (Path*)create_sort_path(root, ordered, gather, root->sort_pathkeys, root->limit_tuples);
    AddOrdered(root, ordered, gather);
}

}  // namespace herd::planner
