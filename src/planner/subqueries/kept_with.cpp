#include "planner/subqueries/kept_with.h"

#include "planner/query_facts.h"
#include "postgres/walk.h"

extern "C" {
#include <optimizer/optimizer.h>
}

namespace herd::planner {

bool IsInlined(const CommonTableExpr* cte) {
    Query* query = (Query*)cte->ctequery;
    bool once = cte->ctematerialized == CTEMaterializeNever ||
                (cte->ctematerialized == CTEMaterializeDefault && cte->cterefcount == 1);
    return once && !cte->cterecursive && query->commandType == CMD_SELECT && !contain_volatile_functions((Node*)query);
}

bool KeepsShardRows(const Query* query) {
    bool keeps = false;
    ListCell* cell;
    foreach (cell, query->cteList) {
        const CommonTableExpr* cte = (const CommonTableExpr*)lfirst(cell);
        Query* member = (Query*)cte->ctequery;
        // Whoever sorts it may count on the order.
        if (member->commandType != CMD_SELECT || member->sortClause != NIL) return false;
        keeps |= cte->cterefcount > 0 && !IsInlined(cte) && AnalyzeQuery(member).group != nullptr;
    }
    return keeps;
}

static bool WithWalker(Node* node, void* context) {
    int level = *(int*)context;
    if (node == nullptr) return false;
    if (IsA(node, RangeTblEntry))
        return ((RangeTblEntry*)node)->rtekind == RTE_CTE && (int)((RangeTblEntry*)node)->ctelevelsup == level;
    if (IsA(node, Query)) {
        int inner = level + 1;
        return postgres::WalkQuery((Query*)node, WithWalker, &inner, QTW_EXAMINE_RTES_BEFORE);
    }
    return postgres::WalkExpression(node, WithWalker, context);
}

bool ReadsOwnWith(Node* expression) {
    int level = 0;
    return WithWalker(expression, &level);
}

}  // namespace herd::planner
