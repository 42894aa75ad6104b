#include "planner/paths/group_gather.h"

#include "planner/paths/gather_path.h"
#include "planner/paths/group_states.h"
#include "planner/paths/partial_aggregates.h"
#include "planner/paths/regroup.h"
#include "planner/shipping.h"

extern "C" {
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/cost.h>
#include <optimizer/optimizer.h>
#include <optimizer/pathnode.h>
#include <optimizer/planmain.h>
#include <optimizer/prep.h>
#include <optimizer/tlist.h>
#include <utils/selfuncs.h>
}

namespace herd::planner {

static List* GroupExpressions(PlannerInfo* root) {
    return get_sortgrouplist_exprs(root->parse->groupClause, root->processed_tlist);
}

static GroupedRows CountGroups(PlannerInfo* root, const RelOptInfo* input, List* groups) {
    if (groups == NIL) return {input->rows, 1, false};
    EstimationInfo estimate = {};
    double count = estimate_num_groups(root, groups, input->rows, nullptr, &estimate);
    return {input->rows, count, (estimate.flags & SELFLAG_USED_DEFAULT) != 0};
}

// ---- whole groups on one shard ----

static bool GroupsByKey(const Fragment* fragment, List* groups) {
    ListCell* cell;
    foreach (cell, groups)
        if (IsKeyOf(fragment, (Node*)lfirst(cell))) return true;
    return false;
}

static void AddWholeGroups(RelOptInfo* grouped, const Fragment* fragment, List* groups, List* having,
                           double group_count) {
    FragmentOutput output;
    output.targets = grouped->reltarget->exprs;
    output.groups = groups;
    output.having = having;
    output.grouped = true;
    if (!AllTravel(output.targets) || !AllShip(groups) || !AllShip(having)) return;
    add_path(grouped, MakeGatherPath(grouped, grouped->reltarget, fragment, output, group_count));
}

// ---- states of groups ----

PathTarget* StateTarget(PlannerInfo* root, const PathTarget* target, List* having) {
    PathTarget* states = create_empty_pathtarget();
    List* others = NIL;
    ListCell* cell;
    int i = 0;
    foreach (cell, target->exprs) {
        Index ref = get_pathtarget_sortgroupref(target, i);
        i++;
        if (ref != 0 && get_sortgroupref_clause_noerr(ref, root->parse->groupClause) != nullptr)
            add_column_to_pathtarget(states, (Expr*)lfirst(cell), ref);
        else
            others = lappend(others, lfirst(cell));
    }
    others = list_concat(others, list_copy(having));
    add_new_columns_to_pathtarget(
        states,
        pull_var_clause((Node*)others, PVC_INCLUDE_AGGREGATES | PVC_RECURSE_WINDOWFUNCS | PVC_INCLUDE_PLACEHOLDERS));
    return states;
}

bool DivideAggregates(PathTarget* states, FragmentOutput* output) {
    ListCell* cell;
    foreach (cell, states->exprs) {
        Node* expression = (Node*)lfirst(cell);
        if (!IsA(expression, Aggref)) {
            output->sent = lappend(output->sent, expression);
            if (!list_member(output->groups, expression)) output->groups = lappend(output->groups, expression);
            continue;
        }
        Aggref* state = StateAggregate((Aggref*)expression);
        if (state == nullptr || !IsShippableExpression((Node*)state)) return false;
        output->sent = lappend(output->sent, state);
        Aggref* partial = makeNode(Aggref);
        memcpy(partial, expression, sizeof(Aggref));
        mark_partial_aggref(partial, AGGSPLIT_INITIAL_SERIAL);
        lfirst(cell) = partial;
    }
    return true;
}

void AddFinalAggregation(PlannerInfo* root, RelOptInfo* grouped, Path* states, List* having, double group_count) {
    Query* parse = root->parse;
    AggClauseCosts costs = {};
    if (parse->hasAggs) get_agg_clause_costs(root, AGGSPLIT_FINAL_DESERIAL, &costs);
    auto add = [&](AggStrategy strategy, Path* input) {
        add_path(grouped,
                 (Path*)create_agg_path(root, grouped, input, grouped->reltarget, strategy, AGGSPLIT_FINAL_DESERIAL,
                                        parse->groupClause, having, &costs, group_count));
    };
    if (parse->groupClause == NIL) {
        add(AGG_PLAIN, states);
        return;
    }
    if (grouping_is_hashable(parse->groupClause)) add(AGG_HASHED, states);
    // By constants alone there is nothing to sort.
    if (root->group_pathkeys == NIL)
        add(AGG_SORTED, states);
    else if (grouping_is_sortable(parse->groupClause))
        add(AGG_SORTED, (Path*)create_sort_path(root, grouped, states, root->group_pathkeys, -1.0));
}

static void AddStates(PlannerInfo* root, RelOptInfo* input, RelOptInfo* grouped, const Fragment* fragment, List* groups,
                      List* having, const GroupedRows& counts) {
    if (root->hasNonPartialAggs || root->hasNonSerialAggs) return;
    FragmentOutput output;
    output.groups = list_copy(groups);
    output.grouped = true;
    output.combined = CombinesShards(fragment, counts);
    PathTarget* target = StateTarget(root, grouped->reltarget, having);
    if (!DivideAggregates(target, &output) || !AllTravel(output.groups)) return;
    output.targets = target->exprs;
    set_pathtarget_cost_width(root, target);
    RelOptInfo* rel = fetch_upper_rel(root, UPPERREL_PARTIAL_GROUP_AGG, input->relids);
    double sent = SentStates(fragment, counts, output.combined);
    Path* states = MakeGatherPath(rel, target, fragment, output, sent);
    AddFinalAggregation(root, grouped, states, having, counts.groups);
}

void AddGroupGathers(PlannerInfo* root, RelOptInfo* input, RelOptInfo* grouped, GroupPathExtraData* extra) {
    Query* parse = root->parse;
    const Fragment* fragment = FragmentOf(input);
    if (fragment == nullptr || fragment->group == nullptr || parse->hasTargetSRFs) return;
    List* groups = GroupExpressions(root);
    if (groups == NIL && !parse->hasAggs) return;
    List* having = (List*)extra->havingQual;
    GroupedRows counts = CountGroups(root, input, groups);
    if (parse->groupingSets != NIL || root->numOrderedAggs > 0)
        AddRegrouping(root, input, grouped, fragment, groups, extra, counts.groups);
    if (parse->groupingSets != NIL) return;
    if (fragment->broadcasts == NIL && GroupsByKey(fragment, groups))
        AddWholeGroups(grouped, fragment, groups, having, counts.groups);
    AddStates(root, input, grouped, fragment, groups, having, counts);
}

}  // namespace herd::planner
