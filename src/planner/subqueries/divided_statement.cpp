#include "planner/subqueries/divided_statement.h"

#include "planner/subqueries/fragment_subqueries.h"
#include "planner/subqueries/outer_query.h"
#include "planner/subqueries/spread.h"

extern "C" {
#include <optimizer/optimizer.h>
#include <optimizer/tlist.h>
#include <rewrite/rewriteManip.h>
}

namespace herd::planner {

static void DropOrderAndLimit(Query* query) {
    // DISTINCT ON takes the first row in that order.
    if (!query->hasDistinctOn) query->sortClause = NIL;
    query->limitCount = query->limitOffset = nullptr;
    query->limitOption = LIMIT_OPTION_DEFAULT;
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

// Hidden columns of groups and windows stay inside.
static void SelectColumns(Query* whole, Query* query) {
    ListCell* cell;
    foreach (cell, query->targetList) {
        TargetEntry* entry = (TargetEntry*)lfirst(cell);
        bool sorts = get_sortgroupref_clause_noerr(entry->ressortgroupref, whole->sortClause) != nullptr;
        if (entry->resjunk && !sorts) continue;
        TargetEntry* outer = MakeOuterColumn(entry);
        if (!sorts) outer->ressortgroupref = 0;
        whole->targetList = lappend(whole->targetList, outer);
        entry->resjunk = false;
    }
}

DividedStatement DivideStatement(Query* query) {
    if (!MayDivide(query)) return {query, nullptr};
    Query* whole = MakeOuterQuery(query);
    DropOrderAndLimit(query);
    if (FindSpread(query, nullptr).residence != Residence::kSharded) {
        CopyOrderAndLimit(whole, query);
        return {query, nullptr};
    }
    DeliverSortColumns(query, whole->sortClause);
    SelectColumns(whole, query);
    ReadFrom(whole, query, "statement", NIL);
    return {whole, query};
}

}  // namespace herd::planner
