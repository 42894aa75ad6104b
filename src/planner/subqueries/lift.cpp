#include "planner/subqueries/lift.h"

#include "planner/subqueries/fragment_subqueries.h"
#include "planner/subqueries/hard_sublinks.h"
#include "planner/subqueries/outer_references.h"
#include "postgres/walk.h"

extern "C" {
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <rewrite/rewriteManip.h>
}

namespace herd::planner {

bool IsSharded(Query* part, Spread* spread) {
    if (DependsOutside(part) || HasRowOutput(part)) return false;
    *spread = FindSpread(part, nullptr);
    return spread->residence == Residence::kSharded;
}

// A relation of the query is the only one of its part.
static Node* InPart(const Lifting* lifting, Node* expression) {
    Node* copy = (Node*)copyObject(expression);
    if (lifting->relation > 0) ChangeVarNodes(copy, lifting->relation, 1, 0);
    return copy;
}

static int ColumnOf(Query* part, Node* expression) {
    ListCell* cell;
    foreach (cell, part->targetList)
        if (equal(((TargetEntry*)lfirst(cell))->expr, expression)) return foreach_current_index(cell) + 1;
    int number = list_length(part->targetList) + 1;
    TargetEntry* entry = makeTargetEntry((Expr*)expression, number, psprintf("c%d", number), false);
    part->targetList = lappend(part->targetList, entry);
    return number;
}

static Node* ColumnVar(const Lifting* lifting, Node* expression) {
    int relation = lifting->relation > 0 ? lifting->relation : 1;
    return (Node*)makeVar(relation, ColumnOf(lifting->part, InPart(lifting, expression)), exprType(expression),
                          exprTypmod(expression), exprCollation(expression), lifting->depth);
}

static bool GroupWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    if (IsA(node, Aggref) || IsA(node, WindowFunc) || IsA(node, GroupingFunc)) return true;
    return postgres::WalkExpression(node, GroupWalker, context);
}

// Can a subquery as a value find several rows, which is an error?
static bool SeveralRowsWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    if (IsA(node, SubLink)) {
        SubLinkType type = ((SubLink*)node)->subLinkType;
        const Query* query = (Query*)((SubLink*)node)->subselect;
        bool is_value = type == EXPR_SUBLINK || type == ROWCOMPARE_SUBLINK || type == MULTIEXPR_SUBLINK;
        bool is_one_row = query->hasAggs && query->groupClause == NIL && query->groupingSets == NIL;
        if (is_value && !is_one_row) return true;
    }
    return postgres::WalkExpression(node, SeveralRowsWalker, context);
}

// Parts of other nodes that have no value of their own.
static bool IsExpression(Node* node) {
    switch (nodeTag(node)) {
        case T_List:
        case T_TargetEntry:
        case T_CaseWhen:
        case T_NamedArgExpr:
            return false;
        default:
            return true;
    }
}

bool IsAboutRelation(int relation, Node* expression) {
    return relation == 0 || bms_is_subset(pull_varnos(nullptr, expression), bms_make_singleton(relation));
}

// Can the shards compute it with the rows?
static bool Lifts(Lifting* lifting, Node* expression) {
    if (lifting->depth > 0 || !lifting->may_lift || !IsExpression(expression) || !IsHard(expression)) return false;
    if (GroupWalker(expression, nullptr) || expression_returns_set(expression)) return false;
    if (lifting->is_early && SeveralRowsWalker(expression, nullptr)) return false;
    if (!IsAboutRelation(lifting->relation, expression)) return false;
    Query* attempt = (Query*)copyObject(lifting->part);
    ColumnOf(attempt, InPart(lifting, expression));
    Spread spread;
    return IsSharded(attempt, &spread);
}

static Node* LiftMutator(Node* node, void* argument);

static Node* LiftInside(Node* node, Lifting* lifting, bool may_lift) {
    bool outside = lifting->may_lift;
    lifting->may_lift = may_lift;
    Node* result = postgres::MutateExpression(node, LiftMutator, lifting);
    lifting->may_lift = outside;
    return result;
}

static Node* LiftMutator(Node* node, void* argument) {
    Lifting* lifting = (Lifting*)argument;
    if (node == nullptr) return nullptr;
    if (IsA(node, Query)) {
        lifting->depth++;
        Node* result = (Node*)postgres::MutateQuery((Query*)node, LiftMutator, lifting, 0);
        lifting->depth--;
        return result;
    }
    if (IsA(node, Var)) {
        Var* var = (Var*)copyObject(node);
        if ((int)var->varlevelsup != lifting->depth || lifting->relation > 0) return (Node*)var;
        var->varlevelsup = 0;
        return ColumnVar(lifting, (Node*)var);
    }
    if (Lifts(lifting, node)) {
        lifting->gained = true;
        return ColumnVar(lifting, node);
    }
    if (lifting->depth == 0) {
        if (IsA(node, Aggref)) return LiftInside(node, lifting, ((Aggref*)node)->aggfilter == nullptr);
        // They say for which rows their parts are computed.
        if (IsA(node, CaseExpr) || IsA(node, CoalesceExpr)) return LiftInside(node, lifting, false);
    }
    return postgres::MutateExpression(node, LiftMutator, lifting);
}

bool IsGrouped(const Query* query) { return query->hasAggs || query->groupClause != NIL || query->groupingSets != NIL; }

Node* Lift(Node* node, Lifting* lifting) { return LiftMutator(node, lifting); }

static bool IsGroupedBy(const Query* query, const TargetEntry* entry) {
    ListCell* cell;
    foreach (cell, query->groupClause)
        if (((SortGroupClause*)lfirst(cell))->tleSortGroupRef == entry->ressortgroupref) return true;
    return false;
}

List* LiftTargets(const Query* query, Lifting* lifting) {
    bool grouped = IsGrouped(query);
    List* targets = NIL;
    ListCell* cell;
    foreach (cell, query->targetList) {
        TargetEntry* entry = (TargetEntry*)lfirst(cell);
        lifting->may_lift = !grouped || IsGroupedBy(query, entry);
        targets = lappend(targets, LiftMutator((Node*)entry, lifting));
    }
    lifting->may_lift = !grouped;
    return targets;
}

}  // namespace herd::planner
