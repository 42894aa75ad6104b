#include "planner/paths/limit_rules.h"

extern "C" {
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <optimizer/optimizer.h>
#include <utils/fmgroids.h>
}

namespace herd::planner {

static bool IsSimpleBound(Node* bound) {
    return bound == nullptr || IsA(bound, Const) || (IsA(bound, Param) && ((Param*)bound)->paramkind == PARAM_EXTERN);
}

bool HasSimpleLimitOrTies(PlannerInfo* root) {
    Query* parse = root->parse;
    if (parse->limitCount == nullptr) return false;
    return IsSimpleBound(parse->limitCount) && IsSimpleBound(parse->limitOffset);
}

bool HasSimpleLimit(PlannerInfo* root) {
    return root->parse->limitOption == LIMIT_OPTION_COUNT && HasSimpleLimitOrTies(root);
}

bool RowsAreStatements(PlannerInfo* root) {
    Query* parse = root->parse;
    if (parse->commandType != CMD_SELECT || parse->setOperations || parse->hasAggs || parse->groupClause ||
        parse->groupingSets || parse->havingQual || parse->hasWindowFuncs || parse->hasTargetSRFs ||
        parse->distinctClause || parse->sortClause || parse->rowMarks)
        return false;
    if (list_length(parse->jointree->fromlist) != 1 || !IsA(linitial(parse->jointree->fromlist), RangeTblRef))
        return false;
    return bms_membership(root->all_baserels) == BMS_SINGLETON;
}

// Large enough for any LIMIT, small enough that the sum of two fits.
static Node* Bounded(Node* bound) {
    Const* most = makeConst(INT8OID, -1, InvalidOid, sizeof(int64), Int64GetDatum(PG_INT64_MAX / 2), false, true);
    return (Node*)makeFuncExpr(F_INT8SMALLER, INT8OID, list_make2(bound, most), InvalidOid, InvalidOid,
                               COERCE_EXPLICIT_CALL);
}

Node* LimitPlusOffset(PlannerInfo* root) {
    Node* count = (Node*)copyObject(root->parse->limitCount);
    Node* offset = (Node*)copyObject(root->parse->limitOffset);
    if (offset == nullptr) return count;
    Node* sum = (Node*)makeFuncExpr(F_INT8PL, INT8OID, list_make2(Bounded(count), Bounded(offset)), InvalidOid,
                                    InvalidOid, COERCE_EXPLICIT_CALL);
    return eval_const_expressions(root, sum);
}

}  // namespace herd::planner
