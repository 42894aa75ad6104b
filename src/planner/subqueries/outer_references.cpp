#include "planner/subqueries/outer_references.h"

#include "postgres/walk.h"

namespace herd::planner {

// least: the smallest varlevelsup that counts.
static bool OuterReferenceWalker(Node* node, void* context) {
    int least = *(int*)context;
    if (node == nullptr) return false;
    if (IsA(node, Var)) return (int)((Var*)node)->varlevelsup >= least;
    if (IsA(node, Aggref) && (int)((Aggref*)node)->agglevelsup >= least) return true;
    if (IsA(node, GroupingFunc) && (int)((GroupingFunc*)node)->agglevelsup >= least) return true;
    if (IsA(node, RangeTblEntry))
        return ((RangeTblEntry*)node)->rtekind == RTE_CTE && (int)((RangeTblEntry*)node)->ctelevelsup >= least;
    if (IsA(node, Query)) {
        int inner = least + 1;
        return postgres::WalkQuery((Query*)node, OuterReferenceWalker, &inner, QTW_EXAMINE_RTES_BEFORE);
    }
    return postgres::WalkExpression(node, OuterReferenceWalker, context);
}

bool RefersOutside(Query* query, int levels) {
    int least = levels - 1;
    return OuterReferenceWalker((Node*)query, &least);
}

}  // namespace herd::planner
