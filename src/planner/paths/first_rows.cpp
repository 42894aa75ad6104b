#include "planner/paths/first_rows.h"

#include "planner/paths/limit_rules.h"

extern "C" {
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
}

namespace herd::planner {

// Tells the limit from the user's constants.
static const int32 kLimitMark = 1000000;

static const Var* SortColumn(PlannerInfo* root, const SortGroupClause* clause) {
    return (const Var*)get_sortgroupclause_expr((SortGroupClause*)clause, root->processed_tlist);
}

bool MayReadFirstRows(PlannerInfo* root, const RelOptInfo* rel) {
    const Query* parse = root->parse;
    if (parse->commandType != CMD_SELECT || parse->rowMarks == NIL || !HasSimpleLimit(root)) return false;
    if (parse->hasTargetSRFs || bms_membership(root->all_baserels) != BMS_SINGLETON) return false;
    ListCell* cell;
    foreach (cell, parse->sortClause) {
        const Var* var = SortColumn(root, (const SortGroupClause*)lfirst(cell));
        if (!IsA(var, Var) || var->varno != (int)rel->relid || var->varattno <= 0) return false;
    }
    return true;
}

static int IndexOf(List* columns, AttrNumber attno) {
    ListCell* cell;
    foreach (cell, columns)
        if (lfirst_int(cell) == attno) return foreach_current_index(cell);
    elog(ERROR, "column %d is not fetched", attno);
}

Node* OrderFirstRows(PlannerInfo* root, Query* fragment, List* columns, plan::FirstRows* first_rows) {
    ListCell* cell;
    foreach (cell, root->parse->sortClause) {
        SortGroupClause* clause = (SortGroupClause*)copyObject(lfirst(cell));
        const Var* var = SortColumn(root, clause);
        int column = IndexOf(columns, var->varattno);
        TargetEntry* entry = (TargetEntry*)list_nth(fragment->targetList, column);
        entry->ressortgroupref = clause->tleSortGroupRef = (Index)column + 1;
        fragment->sortClause = lappend(fragment->sortClause, clause);
        plan::OrderColumn order = {column, clause->sortop, exprCollation((const Node*)var), clause->nulls_first};
        first_rows->order = lappend(first_rows->order, plan::WriteOrderColumn(order));
    }
    Const* limit = makeConst(INT8OID, kLimitMark, InvalidOid, sizeof(int64), Int64GetDatum(100), false, true);
    fragment->limitCount = (Node*)limit;
    return (Node*)limit;
}

}  // namespace herd::planner
