#include "planner/subqueries/outer_query.h"

extern "C" {
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <rewrite/rewriteManip.h>
}

namespace herd::planner {

void CopyOrderAndLimit(const Query* from, Query* to) {
    to->sortClause = (List*)copyObject(from->sortClause);
    to->limitCount = from->limitCount;
    to->limitOffset = from->limitOffset;
    to->limitOption = from->limitOption;
}

Query* MakeOuterQuery(const Query* query) {
    Query* outer = makeNode(Query);
    outer->commandType = CMD_SELECT;
    outer->querySource = query->querySource;
    outer->queryId = query->queryId;
    outer->canSetTag = query->canSetTag;
    outer->isReturn = query->isReturn;
    outer->hasRowSecurity = query->hasRowSecurity;
    outer->stmt_location = query->stmt_location;
    outer->stmt_len = query->stmt_len;
    outer->hasSubLinks = checkExprHasSubLink(query->limitCount) || checkExprHasSubLink(query->limitOffset);
    CopyOrderAndLimit(query, outer);
    return outer;
}

RangeTblEntry* MakeSubqueryEntry(Query* subquery, const char* name) {
    IncrementVarSublevelsUp((Node*)subquery, 1, 1);
    RangeTblEntry* rte = makeNode(RangeTblEntry);
    rte->rtekind = RTE_SUBQUERY;
    rte->subquery = subquery;
    rte->inFromCl = true;
    List* columns = NIL;
    ListCell* cell;
    foreach (cell, subquery->targetList) {
        const TargetEntry* entry = (TargetEntry*)lfirst(cell);
        if (entry->resjunk) continue;
        char* column = entry->resname != nullptr ? pstrdup(entry->resname) : psprintf("c%d", entry->resno);
        columns = lappend(columns, makeString(column));
    }
    rte->alias = makeAlias(name, NIL);
    rte->eref = makeAlias(name, columns);
    return rte;
}

void ReadFrom(Query* outer, Query* inner, const char* name, List* conditions) {
    RangeTblRef* ref = makeNode(RangeTblRef);
    ref->rtindex = 1;
    Node* quals = conditions == NIL ? nullptr : (Node*)make_ands_explicit(conditions);
    outer->rtable = list_make1(MakeSubqueryEntry(inner, name));
    outer->jointree = makeFromExpr(list_make1(ref), quals);
    outer->cteList = NIL;
    outer->hasRecursive = false;
}

TargetEntry* MakeOuterColumn(const TargetEntry* inner) {
    TargetEntry* outer = flatCopyTargetEntry((TargetEntry*)inner);
    Node* value = (Node*)inner->expr;
    outer->expr = (Expr*)makeVar(1, inner->resno, exprType(value), exprTypmod(value), exprCollation(value), 0);
    return outer;
}

}  // namespace herd::planner
