#include "planner/subqueries/hoisted_values_query.h"

#include "postgres/walk.h"

extern "C" {
#include <catalog/pg_aggregate.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <rewrite/rewriteManip.h>
#include <utils/fmgroids.h>
#include <utils/lsyscache.h>
}

namespace herd::planner {

bool YieldsList(const SubLink* link) { return link->subLinkType == ANY_SUBLINK || link->subLinkType == ALL_SUBLINK; }

// ---- one row of values ----

static Query* SelectExpression(Node* expression) {
    Query* query = makeNode(Query);
    query->commandType = CMD_SELECT;
    query->canSetTag = true;
    query->jointree = makeFromExpr(NIL, nullptr);
    query->hasSubLinks = true;
    query->targetList = list_make1(makeTargetEntry((Expr*)expression, 1, pstrdup("value"), false));
    return query;
}

static Node* ArrayOf(const TargetEntry* entry) {
    Node* column = (Node*)entry->expr;
    Oid type = exprType(column);
    Var* var = makeVar(1, entry->resno, type, exprTypmod(column), exprCollation(column), 0);
    Aggref* array = makeNode(Aggref);
    array->aggfnoid = F_ARRAY_AGG_ANYNONARRAY;
    array->aggtype = get_array_type(type);
    array->aggcollid = array->inputcollid = exprCollation(column);
    array->aggargtypes = list_make1_oid(type);
    array->args = list_make1(makeTargetEntry((Expr*)var, 1, nullptr, false));
    array->aggkind = AGGKIND_NORMAL;
    array->aggsplit = AGGSPLIT_SIMPLE;
    array->aggno = array->aggtransno = array->location = -1;
    return (Node*)array;
}

// SELECT array_agg(c1), … FROM (subquery)
static Query* SelectArrays(Query* subquery) {
    Query* query = makeNode(Query);
    query->commandType = CMD_SELECT;
    query->canSetTag = true;
    query->hasAggs = true;
    RangeTblRef* ref = makeNode(RangeTblRef);
    ref->rtindex = 1;
    query->jointree = makeFromExpr(list_make1(ref), nullptr);
    List* names = NIL;
    ListCell* cell;
    foreach (cell, subquery->targetList) {
        const TargetEntry* entry = (const TargetEntry*)lfirst(cell);
        if (entry->resjunk) continue;
        const char* name = psprintf("v%d", entry->resno);
        names = lappend(names, makeString(pstrdup(name)));
        query->targetList =
            lappend(query->targetList, makeTargetEntry((Expr*)ArrayOf(entry), entry->resno, pstrdup(name), false));
    }
    RangeTblEntry* rte = makeNode(RangeTblEntry);
    rte->rtekind = RTE_SUBQUERY;
    rte->subquery = subquery;
    rte->eref = makeAlias("listed", names);
    rte->inFromCl = true;
    query->rtable = list_make1(rte);
    return query;
}

Query* SelectValues(const SubLink* link, int depth) {
    Query* subquery = (Query*)copyObject(link->subselect);
    subquery->queryId = 0;
    IncrementVarSublevelsUp((Node*)subquery, -(depth + 1), depth + 2);
    if (link->subLinkType == EXPR_SUBLINK || link->subLinkType == ROWCOMPARE_SUBLINK) return subquery;
    IncrementVarSublevelsUp((Node*)subquery, 1, 1);
    if (YieldsList(link)) return SelectArrays(subquery);
    SubLink* inner = (SubLink*)copyObject(link);
    inner->subselect = (Node*)subquery;
    return SelectExpression((Node*)inner);
}

// ---- what stands for it ----

// SELECT … FROM unnest(…): the arrays' elements.
static Query* SelectElements(List* arrays) {
    Query* query = makeNode(Query);
    query->commandType = CMD_SELECT;
    query->canSetTag = true;
    RangeTblRef* ref = makeNode(RangeTblRef);
    ref->rtindex = 1;
    query->jointree = makeFromExpr(list_make1(ref), nullptr);
    RangeTblEntry* rte = makeNode(RangeTblEntry);
    rte->rtekind = RTE_FUNCTION;
    List* names = NIL;
    ListCell* cell;
    foreach (cell, arrays) {
        Node* array = (Node*)lfirst(cell);
        Oid type = get_element_type(exprType(array));
        Oid collation = exprCollation(array);
        int number = foreach_current_index(cell) + 1;
        FuncExpr* unnest =
            makeFuncExpr(F_UNNEST_ANYARRAY, type, list_make1(array), collation, collation, COERCE_EXPLICIT_CALL);
        unnest->funcretset = true;
        RangeTblFunction* function = makeNode(RangeTblFunction);
        function->funcexpr = (Node*)unnest;
        function->funccolcount = 1;
        rte->functions = lappend(rte->functions, function);
        const char* name = psprintf("v%d", number);
        names = lappend(names, makeString(pstrdup(name)));
        Var* var = makeVar(1, number, type, -1, collation, 0);
        query->targetList = lappend(query->targetList, makeTargetEntry((Expr*)var, number, pstrdup(name), false));
    }
    rte->alias = makeAlias("listed", names);
    rte->eref = makeAlias("listed", (List*)copyObject(names));
    rte->inFromCl = true;
    query->rtable = list_make1(rte);
    return query;
}

static Node* ColumnMutator(Node* node, void* argument) {
    if (node == nullptr) return nullptr;
    // Its parameters are its own.
    if (IsA(node, SubLink)) return (Node*)copyObject(node);
    const Param* param = (const Param*)node;
    if (IsA(param, Param) && param->paramkind == PARAM_SUBLINK)
        return (Node*)copyObject(list_nth((List*)argument, param->paramid - 1));
    return postgres::MutateExpression(node, ColumnMutator, argument);
}

Node* StandIn(const SubLink* link, List* values) {
    if (YieldsList(link)) {
        SubLink* compared = (SubLink*)copyObject(link);
        compared->subselect = (Node*)SelectElements(values);
        return (Node*)compared;
    }
    if (link->subLinkType == ROWCOMPARE_SUBLINK) return ColumnMutator(link->testexpr, values);
    return (Node*)linitial(values);
}

}  // namespace herd::planner
