#include "planner/paths/lookup.h"

#include "planner/shipping.h"
#include "postgres/walk.h"

extern "C" {
#include <nodes/nodeFuncs.h>
#include <utils/lsyscache.h>
}

namespace herd::planner {

static bool IsOuterValue(const PlannerInfo* root, int param_id) {
    for (const PlannerInfo* outer = root->parent_root; outer != nullptr; outer = outer->parent_root) {
        ListCell* cell;
        foreach (cell, outer->plan_params)
            if (((PlannerParamItem*)lfirst(cell))->paramId == param_id) return true;
    }
    return false;
}

static bool OuterValueWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    if (IsA(node, Param))
        return ((Param*)node)->paramkind == PARAM_EXEC &&
               IsOuterValue((const PlannerInfo*)context, ((Param*)node)->paramid);
    return postgres::WalkExpression(node, OuterValueWalker, context);
}

bool ReadsOuterRow(PlannerInfo* root, Node* expression) {
    return root->parent_root != nullptr && OuterValueWalker(expression, root);
}

static bool DependsOnOuterRow(PlannerInfo* root, RestrictInfo* condition) {
    return ReadsOuterRow(root, (Node*)condition->clause);
}

bool DependOnOuterRow(PlannerInfo* root, Relids relids) {
    int relid = -1;
    while ((relid = bms_next_member(relids, relid)) >= 0) {
        ListCell* cell;
        foreach (cell, root->simple_rel_array[relid]->baserestrictinfo)
            if (DependsOnOuterRow(root, (RestrictInfo*)lfirst(cell))) return true;
    }
    return false;
}

static Var* ColumnOf(const RelOptInfo* rel, Node* side) {
    if (!IsA(side, Var)) return nullptr;
    Var* var = (Var*)side;
    return var->varno == (int)rel->relid && var->varattno > 0 && var->varlevelsup == 0 ? var : nullptr;
}

// Takes the condition as the one to look up by, if it is one.
static bool TakeCondition(const RelOptInfo* rel, RestrictInfo* condition, Lookup* lookup) {
    OpExpr* op = (OpExpr*)condition->clause;
    if (!IsA(op, OpExpr) || list_length(op->args) != 2) return false;
    Node* left = (Node*)linitial(op->args);
    Node* right = (Node*)lsecond(op->args);
    lookup->column_is_left = ColumnOf(rel, left) != nullptr;
    lookup->column = ColumnOf(rel, lookup->column_is_left ? left : right);
    lookup->value = lookup->column_is_left ? right : left;
    RegProcedure left_hash, right_hash;
    if (lookup->column == nullptr || !IsComputable(lookup->value)) return false;
    if (!get_op_hash_functions(op->opno, &left_hash, &right_hash)) return false;
    lookup->condition = condition;
    lookup->operator_id = op->opno;
    lookup->collation = op->inputcollid;
    return true;
}

Lookup* FindLookup(PlannerInfo* root, RelOptInfo* rel) {
    Lookup* lookup = (Lookup*)palloc0(sizeof(Lookup));
    ListCell* cell;
    foreach (cell, rel->baserestrictinfo) {
        RestrictInfo* condition = (RestrictInfo*)lfirst(cell);
        if (!DependsOnOuterRow(root, condition)) continue;
        lookup->correlated = lappend(lookup->correlated, condition);
        if (lookup->condition == nullptr) TakeCondition(rel, condition, lookup);
    }
    return lookup->condition == nullptr ? nullptr : lookup;
}

}  // namespace herd::planner
