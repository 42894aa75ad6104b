#include "planner/paths/regroup_parts.h"

#include "planner/paths/gather_path.h"
#include "planner/paths/partial_aggregates.h"
#include "planner/paths/renaming.h"
#include "planner/shipping.h"
#include "postgres/walk.h"

extern "C" {
#include <catalog/pg_aggregate.h>
#include <catalog/pg_operator.h>
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/cost.h>
#include <optimizer/optimizer.h>
#include <optimizer/pathnode.h>
#include <optimizer/prep.h>
#include <optimizer/tlist.h>
#include <utils/selfuncs.h>
}

namespace herd::planner {

// ---- what the query asks for ----

// Values on different shards are never the same. (Those of several groups may be.)
static bool IsDistinctByKey(const Regrouping* regrouping, const Aggref* aggregate) {
    const Fragment* fragment = regrouping->fragment;
    if (regrouping->root->parse->groupingSets != NIL) return false;
    if (fragment->broadcasts != NIL || list_length(aggregate->args) != 1 || aggregate->aggorder != NIL) return false;
    return IsKeyOf(fragment, (Node*)((TargetEntry*)linitial(aggregate->args))->expr);
}

static bool AddState(Replacement* replacement) {
    Aggref* original = replacement->original;
    Aggref* plain = (Aggref*)copyObject(original);
    plain->aggdistinct = NIL;
    replacement->sent = StateAggregate(plain);
    if (replacement->sent == nullptr || !IsShippableExpression((Node*)replacement->sent)) return false;
    replacement->sent->aggdistinct = (List*)copyObject(original->aggdistinct);
    replacement->partial = (Aggref*)copyObject(original);
    mark_partial_aggref(replacement->partial, AGGSPLIT_INITIAL_SERIAL);
    replacement->above = FinalAggregate(original, replacement->partial);
    return replacement->above != nullptr;
}

static bool IsWithin(const List* columns, const List* others) { return list_difference(columns, others) == NIL; }

int FindKeySet(Regrouping* regrouping, List* columns) {
    ListCell* cell;
    foreach (cell, regrouping->key_sets)
        if (IsWithin(columns, (List*)lfirst(cell)) && IsWithin((List*)lfirst(cell), columns))
            return foreach_current_index(cell);
    regrouping->key_sets = lappend(regrouping->key_sets, columns);
    return list_length(regrouping->key_sets) - 1;
}

static bool AddDistinct(Regrouping* regrouping, Replacement* replacement) {
    Aggref* original = replacement->original;
    List* values = NIL;
    ListCell* cell;
    foreach (cell, original->args) values = lappend(values, ((TargetEntry*)lfirst(cell))->expr);
    if (original->aggfilter != nullptr) values = lappend(values, original->aggfilter);
    List* columns = NIL;
    foreach (cell, values) {
        Node* value = (Node*)lfirst(cell);
        if (IsA(value, Const) || list_member(regrouping->groups, value)) continue;
        columns = list_append_unique(columns, value);
    }
    if (!AllTravel(columns)) return false;
    replacement->key_set = FindKeySet(regrouping, columns);
    replacement->above = (Aggref*)copyObject(original);
    return true;
}

static bool AddAggregate(Regrouping* regrouping, Aggref* aggregate) {
    Replacement* replacement = (Replacement*)palloc0(sizeof(Replacement));
    replacement->original = aggregate;
    replacement->key_set = -1;
    regrouping->replacements = lappend(regrouping->replacements, replacement);
    bool of_rows = aggregate->aggdistinct != NIL && aggregate->aggkind == AGGKIND_NORMAL &&
                   !IsDistinctByKey(regrouping, aggregate);
    if (!(of_rows ? AddDistinct(regrouping, replacement) : AddState(replacement))) return false;
    // Two aggregates that could share a transition of rows (sum and avg of numeric) combine states of their own.
    replacement->above->aggtransno = replacement->above->aggno;
    return true;
}

static Node* WithoutGroupsMutator(Node* node, void* groups) {
    if (node == nullptr) return nullptr;
    if (list_member((List*)groups, node)) return (Node*)makeNullConst(exprType(node), -1, InvalidOid);
    if (IsA(node, Aggref)) return node;
    return postgres::MutateExpression(node, WithoutGroupsMutator, groups);
}

static bool CollectParts(Regrouping* regrouping, List* expressions) {
    Node* without_groups = WithoutGroupsMutator((Node*)expressions, regrouping->groups);
    List* parts =
        pull_var_clause(without_groups, PVC_INCLUDE_AGGREGATES | PVC_RECURSE_WINDOWFUNCS | PVC_INCLUDE_PLACEHOLDERS);
    List* aggregates = NIL;
    ListCell* cell;
    foreach (cell, parts) {
        Node* part = (Node*)lfirst(cell);
        if (IsA(part, PlaceHolderVar)) return false;
        if (IsA(part, Aggref)) aggregates = list_append_unique(aggregates, part);
        if (IsA(part, Var)) regrouping->dependent = list_append_unique(regrouping->dependent, part);
    }
    foreach (cell, aggregates)
        if (!AddAggregate(regrouping, (Aggref*)lfirst(cell))) return false;
    return true;
}

// Those of smaller groups than the query's would not do for DISTINCT.
static bool HasDistinctStates(const Regrouping* regrouping) {
    ListCell* cell;
    foreach (cell, regrouping->replacements) {
        const Replacement* replacement = (const Replacement*)lfirst(cell);
        if (replacement->partial != nullptr && replacement->original->aggdistinct != NIL) return true;
    }
    return false;
}

// Rows of a key set do for any smaller one.
static void DropSmallerKeySets(Regrouping* regrouping) {
    List* all = regrouping->key_sets;
    List* kept = NIL;
    ListCell *cell, *other;
    foreach (cell, all) {
        bool is_smaller = false;
        foreach (other, all)
            is_smaller = is_smaller || (other != cell && IsWithin((List*)lfirst(cell), (List*)lfirst(other)));
        if (!is_smaller) kept = lappend(kept, lfirst(cell));
    }
    foreach (cell, regrouping->replacements) {
        Replacement* replacement = (Replacement*)lfirst(cell);
        if (replacement->partial != nullptr) continue;
        const List* columns = (List*)list_nth(all, replacement->key_set);
        foreach (other, kept)
            if (IsWithin(columns, (List*)lfirst(other))) replacement->key_set = foreach_current_index(other);
    }
    regrouping->key_sets = kept;
}

static bool NeedsMarks(const Regrouping* regrouping) {
    if (list_length(regrouping->key_sets) != 1) return regrouping->key_sets != NIL;
    return HasDistinctStates(regrouping) && linitial(regrouping->key_sets) != NIL;
}

// ---- the grouping above it ----

static Node* ReplaceMutator(Node* node, void* context) {
    if (node == nullptr) return nullptr;
    if (IsA(node, Aggref)) {
        ListCell* cell;
        foreach (cell, ((Regrouping*)context)->replacements) {
            Replacement* replacement = (Replacement*)lfirst(cell);
            if (equal(replacement->original, node)) return (Node*)replacement->above;
        }
        elog(ERROR, "an aggregate was overlooked");
    }
    return postgres::MutateExpression(node, ReplaceMutator, context);
}

static PathTarget* TargetAbove(Regrouping* regrouping, PathTarget* original) {
    PathTarget* target = copy_pathtarget(original);
    target->exprs = (List*)ReplaceMutator((Node*)original->exprs, regrouping);
    return target;
}

static Path* SortedByGroups(PlannerInfo* root, Path* states) {
    if (root->group_pathkeys == NIL) return states;
    return (Path*)create_sort_path(root, states->parent, states, root->group_pathkeys, -1.0);
}

// PostgreSQL has found out how to compute the sets one after another; only it knows how.
static void AddSets(Regrouping* regrouping, RelOptInfo* grouped, Path* states, PathTarget* target, List* having,
                    const AggClauseCosts* costs) {
    List* known = list_copy(grouped->pathlist);
    ListCell* cell;
    foreach (cell, known) {
        if (!IsA(lfirst(cell), GroupingSetsPath)) continue;
        GroupingSetsPath* path = (GroupingSetsPath*)lfirst(cell);
        Path* input = path->aggstrategy == AGG_HASHED ? states : SortedByGroups(regrouping->root, states);
        GroupingSetsPath* again = create_groupingsets_path(regrouping->root, grouped, input, having, path->aggstrategy,
                                                           path->rollups, costs, path->path.rows);
        again->path.pathtarget = target;
        add_path(grouped, RenameColumns(grouped, (Path*)again, grouped->reltarget));
    }
}

static void AddGroups(Regrouping* regrouping, RelOptInfo* grouped, Path* states, PathTarget* target, List* having,
                      const AggClauseCosts* costs, double group_count) {
    PlannerInfo* root = regrouping->root;
    List* clause = root->parse->groupClause;
    auto add = [&](AggStrategy strategy, Path* input) {
        Path* path = (Path*)create_agg_path(root, grouped, input, target, strategy, AGGSPLIT_SIMPLE, clause, having,
                                            costs, group_count);
        add_path(grouped, RenameColumns(grouped, path, grouped->reltarget));
    };
    if (clause == NIL) {
        add(AGG_PLAIN, states);
        return;
    }
    bool aggregates_rows = regrouping->key_sets != NIL;
    if (grouping_is_hashable(clause) && !aggregates_rows) add(AGG_HASHED, states);
    if (grouping_is_sortable(clause)) add(AGG_SORTED, SortedByGroups(root, states));
}

void AddRegrouping(PlannerInfo* root, RelOptInfo* input, RelOptInfo* grouped, const Fragment* fragment, List* groups,
                   GroupPathExtraData* extra, double group_count) {
    Regrouping regrouping = {root, fragment, groups, NIL, NIL, NIL, nullptr, NIL};
    List* having = (List*)extra->havingQual;
    if (!CollectParts(&regrouping, list_concat_copy(grouped->reltarget->exprs, having))) return;
    if (root->parse->groupingSets == NIL && root->numOrderedAggs == 0) return;
    DropSmallerKeySets(&regrouping);
    if (NeedsMarks(&regrouping) && !MarkKeySets(&regrouping)) return;
    Path* states = GatherStates(&regrouping, input);
    if (states == nullptr) return;
    PathTarget* target = TargetAbove(&regrouping, grouped->reltarget);
    having = (List*)ReplaceMutator((Node*)having, &regrouping);
    AggClauseCosts costs = {};
    if (root->parse->hasAggs) get_agg_clause_costs(root, AGGSPLIT_SIMPLE, &costs);
    if (root->parse->groupingSets != NIL)
        AddSets(&regrouping, grouped, states, target, having, &costs);
    else
        AddGroups(&regrouping, grouped, states, target, having, &costs, group_count);
}

}  // namespace herd::planner
