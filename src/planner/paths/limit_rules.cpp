#include "planner/paths/limit_rules.h"

extern "C" {
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <utils/fmgroids.h>
}

namespace herd::planner {

static bool IsSimpleBound(Node* bound) {
    return bound == nullptr || IsA(bound, Const) || (IsA(bound, Param) && ((Param*)bound)->paramkind == PARAM_EXTERN);
}

bool HasSimpleLimit(PlannerInfo* root) {
    Query* parse = root->parse;
    if (parse->limitCount == nullptr || parse->limitOption != LIMIT_OPTION_COUNT) return false;
    return IsSimpleBound(parse->limitCount) && IsSimpleBound(parse->limitOffset);
}

Node* LimitPlusOffset(PlannerInfo* root) {
    Node* count = (Node*)copyObject(root->parse->limitCount);
    Node* offset = (Node*)copyObject(root->parse->limitOffset);
    if (offset == nullptr) return count;
    return (Node*)makeFuncExpr(F_INT8PL, INT8OID, list_make2(count, offset), InvalidOid, InvalidOid,
                               COERCE_EXPLICIT_CALL);
}

}  // namespace herd::planner
