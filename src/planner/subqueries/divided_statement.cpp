#include "planner/subqueries/divided_statement.h"

#include "planner/subqueries/fragment_subqueries.h"
#include "planner/subqueries/spread.h"

extern "C" {
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <optimizer/tlist.h>
#include <rewrite/rewriteManip.h>
}

namespace herd::planner {

namespace {

struct OrderAndLimit {
    List* sort;
    Node* count;
    Node* offset;
    LimitOption option;
};

}  // namespace

static OrderAndLimit TakeOrderAndLimit(Query* query) {
    OrderAndLimit taken = {query->sortClause, query->limitCount, query->limitOffset, query->limitOption};
    // DISTINCT ON takes the first row in that order.
    if (!query->hasDistinctOn) query->sortClause = NIL;
    query->limitCount = query->limitOffset = nullptr;
    query->limitOption = LIMIT_OPTION_DEFAULT;
    return taken;
}

static void PutOrderAndLimit(Query* query, const OrderAndLimit& taken) {
    query->sortClause = taken.sort;
    query->limitCount = taken.count;
    query->limitOffset = taken.offset;
    query->limitOption = taken.option;
}

// Simple groups and DISTINCT are known to the paths of gathers, which can't limit them.
static bool IsWorthIt(const Query* query) {
    if (query->hasWindowFuncs || query->hasDistinctOn || query->setOperations != nullptr || query->groupingSets != NIL)
        return true;
    bool limits = query->limitCount != nullptr && query->sortClause != NIL;
    return limits && (query->groupClause != NIL || query->distinctClause != NIL);
}

static bool MayDivide(const Query* query) {
    if (query->commandType != CMD_SELECT || query->utilityStmt != nullptr || query->rowMarks != NIL) return false;
    if (query->hasModifyingCTE || query->hasTargetSRFs || HasRowOutput(query)) return false;
    // A limit may be what ends the recursion.
    if (query->hasRecursive && HasLimit(query)) return false;
    return IsWorthIt(query) && !checkExprHasSubLink(query->limitCount) && !checkExprHasSubLink(query->limitOffset);
}

// Columns that only the order needs are delivered too; they come behind the statement's own.
static void DeliverSortColumns(Query* query, List* sort) {
    List *visible = NIL, *sorting = NIL, *hidden = NIL;
    ListCell* cell;
    foreach (cell, query->targetList) {
        TargetEntry* entry = (TargetEntry*)lfirst(cell);
        bool sorts =
            entry->ressortgroupref != 0 && get_sortgroupref_clause_noerr(entry->ressortgroupref, sort) != nullptr;
        List** place = !entry->resjunk ? &visible : sorts ? &sorting : &hidden;
        *place = lappend(*place, entry);
    }
    query->targetList = list_concat(list_concat(visible, sorting), hidden);
    foreach (cell, query->targetList) {
        TargetEntry* entry = (TargetEntry*)lfirst(cell);
        entry->resno = foreach_current_index(cell) + 1;
        if (entry->resname == nullptr) entry->resname = psprintf("column%d", entry->resno);
    }
}

static RangeTblEntry* SubqueryEntry(Query* query) {
    RangeTblEntry* rte = makeNode(RangeTblEntry);
    rte->rtekind = RTE_SUBQUERY;
    rte->subquery = query;
    List* names = NIL;
    ListCell* cell;
    foreach (cell, query->targetList)
        if (!((TargetEntry*)lfirst(cell))->resjunk)
            names = lappend(names, makeString(pstrdup(((TargetEntry*)lfirst(cell))->resname)));
    rte->eref = makeAlias("statement", names);
    rte->inFromCl = true;
    return rte;
}

static Query* SelectFrom(Query* query, const OrderAndLimit& taken) {
    Query* whole = makeNode(Query);
    whole->commandType = CMD_SELECT;
    whole->querySource = query->querySource;
    whole->queryId = query->queryId;
    whole->canSetTag = query->canSetTag;
    whole->isReturn = query->isReturn;
    whole->stmt_location = query->stmt_location;
    whole->stmt_len = query->stmt_len;
    RangeTblRef* ref = makeNode(RangeTblRef);
    ref->rtindex = 1;
    whole->jointree = makeFromExpr(list_make1(ref), nullptr);
    ListCell* cell;
    foreach (cell, query->targetList) {
        TargetEntry* entry = (TargetEntry*)lfirst(cell);
        TargetEntry* outer = flatCopyTargetEntry(entry);
        outer->expr = (Expr*)makeVar(1, entry->resno, exprType((Node*)entry->expr), exprTypmod((Node*)entry->expr),
                                     exprCollation((Node*)entry->expr), 0);
        if (get_sortgroupref_clause_noerr(entry->ressortgroupref, taken.sort) == nullptr) {
            // Hidden columns of groups and windows stay inside.
            if (entry->resjunk) continue;
            outer->ressortgroupref = 0;
        }
        whole->targetList = lappend(whole->targetList, outer);
        entry->resjunk = false;
    }
    whole->rtable = list_make1(SubqueryEntry(query));
    PutOrderAndLimit(whole, taken);
    whole->sortClause = (List*)copyObject(taken.sort);
    return whole;
}

DividedStatement DivideStatement(Query* query) {
    if (!MayDivide(query)) return {query, nullptr};
    OrderAndLimit taken = TakeOrderAndLimit(query);
    if (FindSpread(query, nullptr).residence != Residence::kSharded) {
        PutOrderAndLimit(query, taken);
        return {query, nullptr};
    }
    DeliverSortColumns(query, taken.sort);
    return {SelectFrom(query, taken), query};
}

}  // namespace herd::planner
