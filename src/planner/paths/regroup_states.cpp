#include "planner/paths/regroup_parts.h"

extern "C" {
#include <catalog/pg_operator.h>
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/cost.h>
#include <optimizer/optimizer.h>
#include <optimizer/pathnode.h>
#include <optimizer/tlist.h>
#include <utils/selfuncs.h>
}

namespace herd::planner {

static bool HasStates(const Regrouping* regrouping) {
    ListCell* cell;
    foreach (cell, regrouping->replacements)
        if (((Replacement*)lfirst(cell))->partial != nullptr) return true;
    return false;
}

// ---- several key sets: rows of each are marked ----

static const int kMostMarkedColumns = 31;

static int MarkOf(const Regrouping* regrouping, int key_set) {
    const List* columns = (const List*)list_nth(regrouping->key_sets, key_set);
    int mark = 0;
    ListCell* cell;
    foreach (cell, regrouping->marked) mark = mark << 1 | (list_member(columns, lfirst(cell)) ? 0 : 1);
    return mark;
}

static Expr* HasMark(const Regrouping* regrouping, int key_set) {
    Const* mark =
        makeConst(INT4OID, -1, InvalidOid, sizeof(int32), Int32GetDatum(MarkOf(regrouping, key_set)), false, true);
    OpExpr* same = (OpExpr*)make_opclause(Int4EqualOperator, BOOLOID, false, (Expr*)regrouping->mark, (Expr*)mark,
                                          InvalidOid, InvalidOid);
    set_opfuncid(same);
    return (Expr*)same;
}

bool MarkKeySets(Regrouping* regrouping) {
    int states_set = HasStates(regrouping) ? FindKeySet(regrouping, NIL) : -1;
    ListCell* cell;
    foreach (cell, regrouping->key_sets)
        regrouping->marked = list_concat_unique(regrouping->marked, (List*)lfirst(cell));
    if (list_length(regrouping->marked) > kMostMarkedColumns) return false;
    regrouping->mark = makeNode(GroupingFunc);
    regrouping->mark->args = regrouping->marked;
    foreach (cell, regrouping->replacements) {
        Replacement* replacement = (Replacement*)lfirst(cell);
        int key_set = replacement->partial != nullptr ? states_set : replacement->key_set;
        Expr* own = HasMark(regrouping, key_set);
        Expr* filter = replacement->above->aggfilter;
        replacement->above->aggfilter = filter == nullptr ? own : make_andclause(list_make2(own, filter));
    }
    return true;
}

// ---- the gather ----

// A state of rows that carry no states is not worth its way.
static Node* StateOfGroup(Regrouping* regrouping, Replacement* replacement) {
    if (regrouping->mark == nullptr) return (Node*)replacement->sent;
    CaseWhen* when = makeNode(CaseWhen);
    when->expr = HasMark(regrouping, FindKeySet(regrouping, NIL));
    when->result = (Expr*)replacement->sent;
    when->location = -1;
    CaseExpr* choice = makeNode(CaseExpr);
    choice->casetype = replacement->sent->aggtype;
    choice->casecollid = replacement->sent->aggcollid;
    choice->args = list_make1(when);
    choice->defresult = (Expr*)makeNullConst(choice->casetype, -1, choice->casecollid);
    choice->location = -1;
    return (Node*)choice;
}

static void AddGroupColumns(const Regrouping* regrouping, PathTarget* target, FragmentOutput* output) {
    ListCell *clause, *cell;
    forboth(clause, regrouping->root->parse->groupClause, cell, regrouping->groups) {
        add_column_to_pathtarget(target, (Expr*)lfirst(cell), lfirst_node(SortGroupClause, clause)->tleSortGroupRef);
        output->sent = lappend(output->sent, lfirst(cell));
    }
}

static void AddKeyColumns(const Regrouping* regrouping, PathTarget* target, FragmentOutput* output) {
    List* columns = list_copy(regrouping->dependent);
    ListCell* cell;
    foreach (cell, regrouping->key_sets) columns = list_concat_unique(columns, (List*)lfirst(cell));
    foreach (cell, columns) {
        add_column_to_pathtarget(target, (Expr*)lfirst(cell), 0);
        output->sent = lappend(output->sent, lfirst(cell));
    }
    output->groups = list_concat_copy(regrouping->groups, columns);
    if (regrouping->mark == nullptr) return;
    add_column_to_pathtarget(target, (Expr*)regrouping->mark, 0);
    output->sent = lappend(output->sent, regrouping->mark);
    List* shared = list_concat_copy(regrouping->groups, regrouping->dependent);
    foreach (cell, regrouping->key_sets)
        output->grouping_sets = lappend(output->grouping_sets, list_concat_copy(shared, (List*)lfirst(cell)));
}

static void AddStateColumns(Regrouping* regrouping, PathTarget* target, FragmentOutput* output) {
    ListCell* cell;
    foreach (cell, regrouping->replacements) {
        Replacement* replacement = (Replacement*)lfirst(cell);
        if (replacement->partial == nullptr) continue;
        add_column_to_pathtarget(target, (Expr*)replacement->partial, 0);
        output->sent = lappend(output->sent, StateOfGroup(regrouping, replacement));
    }
}

static double SentRows(const Regrouping* regrouping, const RelOptInfo* input) {
    double rows = 0;
    double tasks = SendingTasks(regrouping->fragment);
    List* shared = list_concat_copy(regrouping->groups, regrouping->dependent);
    auto add = [&](List* columns) {
        double groups = 1;
        if (columns != NIL) groups = estimate_num_groups(regrouping->root, columns, input->rows, nullptr, nullptr);
        rows += Min(groups * tasks, Max(1.0, input->rows));
    };
    ListCell* cell;
    foreach (cell, regrouping->key_sets) add(list_concat_copy(shared, (List*)lfirst(cell)));
    if (regrouping->key_sets == NIL) add(shared);
    return rows;
}

Path* GatherStates(Regrouping* regrouping, RelOptInfo* input) {
    PlannerInfo* root = regrouping->root;
    FragmentOutput output;
    output.grouped = true;
    output.combined = true;
    PathTarget* target = create_empty_pathtarget();
    AddGroupColumns(regrouping, target, &output);
    AddKeyColumns(regrouping, target, &output);
    AddStateColumns(regrouping, target, &output);
    if (!AllTravel(output.groups)) return nullptr;
    output.targets = target->exprs;
    set_pathtarget_cost_width(root, target);
    RelOptInfo* rel = fetch_upper_rel(root, UPPERREL_PARTIAL_GROUP_AGG, input->relids);
    return MakeGatherPath(rel, target, regrouping->fragment, output, SentRows(regrouping, input));
}

}  // namespace herd::planner
