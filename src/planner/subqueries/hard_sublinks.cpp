#include "planner/subqueries/hard_sublinks.h"

#include "planner/subqueries/outer_references.h"
#include "postgres/walk.h"

extern "C" {
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
}

namespace herd::planner {

static bool CorrelatedWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    if (IsA(node, SubLink) && RefersOutside((Query*)((SubLink*)node)->subselect, 1)) return true;
    return postgres::WalkExpression(node, CorrelatedWalker, context);
}

bool IsHard(Node* expression) { return CorrelatedWalker(expression, nullptr); }

// EXISTS of a plain join becomes a semi join.
static bool BecomesJoin(Node* condition) {
    if (is_notclause(condition)) condition = (Node*)linitial(((BoolExpr*)condition)->args);
    if (!IsA(condition, SubLink) || ((SubLink*)condition)->subLinkType != EXISTS_SUBLINK) return false;
    const Query* query = (Query*)((SubLink*)condition)->subselect;
    return query->setOperations == nullptr && !query->hasAggs && query->groupingSets == NIL && !query->hasWindowFuncs &&
           !query->hasTargetSRFs && query->cteList == NIL && query->havingQual == nullptr &&
           query->limitCount == nullptr && query->limitOffset == nullptr && query->jointree->fromlist != NIL;
}

static bool ConditionsAreHard(Node* quals) {
    ListCell* cell;
    foreach (cell, make_ands_implicit((Expr*)quals))
        if (!BecomesJoin((Node*)lfirst(cell)) && IsHard((Node*)lfirst(cell))) return true;
    return false;
}

static bool JoinTreeIsHard(Node* item) {
    if (item == nullptr || IsA(item, RangeTblRef)) return false;
    if (IsA(item, JoinExpr)) {
        JoinExpr* join = (JoinExpr*)item;
        return JoinTreeIsHard(join->larg) || JoinTreeIsHard(join->rarg) || ConditionsAreHard(join->quals);
    }
    FromExpr* from = (FromExpr*)item;
    ListCell* cell;
    foreach (cell, from->fromlist)
        if (JoinTreeIsHard((Node*)lfirst(cell))) return true;
    return ConditionsAreHard(from->quals);
}

bool HasHardSubLink(Query* query) {
    if (!query->hasSubLinks) return false;
    return IsHard((Node*)query->targetList) || IsHard(query->havingQual) || JoinTreeIsHard((Node*)query->jointree);
}

// ---- lists ----

static bool ListWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    if (!IsA(node, SubLink)) return postgres::WalkExpression(node, ListWalker, context);
    const SubLink* link = (const SubLink*)node;
    bool is_list = link->subLinkType == ANY_SUBLINK || link->subLinkType == ALL_SUBLINK;
    return (is_list && !RefersOutside((Query*)link->subselect, 1)) || ListWalker(link->testexpr, context);
}

bool IsListFilter(Node* condition) {
    bool becomes_join = IsA(condition, SubLink) && ((SubLink*)condition)->subLinkType == ANY_SUBLINK;
    return !becomes_join && ListWalker(condition, nullptr);
}

static bool HasListFilterIn(Node* quals) {
    ListCell* cell;
    foreach (cell, make_ands_implicit((Expr*)quals))
        if (IsListFilter((Node*)lfirst(cell))) return true;
    return false;
}

static bool JoinTreeHasListFilter(Node* item) {
    if (IsA(item, RangeTblRef)) return false;
    if (IsA(item, JoinExpr)) {
        JoinExpr* join = (JoinExpr*)item;
        return JoinTreeHasListFilter(join->larg) || JoinTreeHasListFilter(join->rarg) || HasListFilterIn(join->quals);
    }
    ListCell* cell;
    foreach (cell, ((FromExpr*)item)->fromlist)
        if (JoinTreeHasListFilter((Node*)lfirst(cell))) return true;
    return HasListFilterIn(((FromExpr*)item)->quals);
}

bool HasListFilter(const Query* query) { return query->hasSubLinks && JoinTreeHasListFilter((Node*)query->jointree); }

}  // namespace herd::planner
