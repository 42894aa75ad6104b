#include "planner/router/with_pins.h"

#include "catalog/key_value.h"

extern "C" {
#include <nodes/makefuncs.h>
#include <parser/parsetree.h>
}

namespace herd::planner {

static CommonTableExpr* MemberOf(List* ancestors, const RangeTblEntry* rte) {
    if ((int)rte->ctelevelsup >= list_length(ancestors)) return nullptr;
    ListCell* cell;
    foreach (cell, ((Query*)list_nth(ancestors, rte->ctelevelsup))->cteList) {
        CommonTableExpr* cte = (CommonTableExpr*)lfirst(cell);
        if (strcmp(cte->ctename, rte->ctename) == 0) return cte;
    }
    return nullptr;
}

static Query* ArmQuery(const Query* query, Node* arm) {
    return IsA(arm, RangeTblRef) ? rt_fetch(((RangeTblRef*)arm)->rtindex, query->rtable)->subquery : nullptr;
}

// ---- what the recursion leaves as it is ----

static int SelfReference(const Query* arm) {
    ListCell* cell;
    foreach (cell, arm->rtable)
        if (((RangeTblEntry*)lfirst(cell))->rtekind == RTE_CTE && ((RangeTblEntry*)lfirst(cell))->self_reference)
            return foreach_current_index(cell) + 1;
    return 0;
}

static bool IsColumn(Node* node, List* ancestors, int rtindex, AttrNumber attno) {
    const Var* var = PlainVar(node, ancestors);
    return var != nullptr && var->varlevelsup == 0 && var->varno == rtindex && var->varattno == attno;
}

static bool SameColumn(Node* node, List* ancestors, const Var* other) {
    return IsColumn(node, ancestors, other->varno, other->varattno);
}

static void CollectInnerConditions(Node* item, List** conditions) {
    if (IsA(item, RangeTblRef)) return;
    if (IsA(item, FromExpr)) {
        *conditions = list_concat(*conditions, make_ands_implicit((Expr*)((FromExpr*)item)->quals));
        ListCell* cell;
        foreach (cell, ((FromExpr*)item)->fromlist) CollectInnerConditions((Node*)lfirst(cell), conditions);
        return;
    }
    JoinExpr* join = (JoinExpr*)item;
    if (join->jointype != JOIN_INNER) return;
    *conditions = list_concat(*conditions, make_ands_implicit((Expr*)join->quals));
    CollectInnerConditions(join->larg, conditions);
    CollectInnerConditions(join->rarg, conditions);
}

// Is the column of each row that is found that of the row that it is found from? (No outer join may make that one NULL.)
static bool PassesOn(PinContext* context, Query* arm, int self, const TargetEntry* entry) {
    List* ancestors = list_make1(arm);
    const Var* shown = PlainVar((Node*)entry->expr, ancestors);
    if (shown == nullptr || arm->setOperations != nullptr || arm->groupingSets != NIL) return false;
    if (IsColumn((Node*)shown, ancestors, self, entry->resno)) return true;
    List* conditions = NIL;
    CollectInnerConditions((Node*)arm->jointree, &conditions);
    ListCell* cell;
    foreach (cell, conditions) {
        const OpExpr* op = (const OpExpr*)lfirst(cell);
        if (!IsA(op, OpExpr) || list_length(op->args) != 2 ||
            !catalog::IsKeyEquality(op->opno, op->inputcollid, context->group->key_class))
            continue;
        Node* left = (Node*)linitial(op->args);
        Node* right = (Node*)lsecond(op->args);
        if ((IsColumn(left, ancestors, self, entry->resno) && SameColumn(right, ancestors, shown)) ||
            (IsColumn(right, ancestors, self, entry->resno) && SameColumn(left, ancestors, shown)))
            return true;
    }
    return false;
}

// Its columns as the first arm has them, where the recursion leaves them so.
static void ConnectRecursion(PinContext* context, Query* query, int rtindex, Query* member) {
    const SetOperationStmt* operation = (const SetOperationStmt*)member->setOperations;
    if (operation == nullptr || !IsA(operation, SetOperationStmt)) return;
    Query* start = ArmQuery(member, operation->larg);
    Query* step = ArmQuery(member, operation->rarg);
    if (start == nullptr || step == nullptr || start->setOperations != nullptr) return;
    int self = SelfReference(step);
    ListCell *first, *next;
    forboth(first, start->targetList, next, step->targetList) {
        const TargetEntry* entry = (const TargetEntry*)lfirst(first);
        const TargetEntry* found = (const TargetEntry*)lfirst(next);
        if (entry->resjunk || found->resjunk || self == 0 || !PassesOn(context, step, self, found)) continue;
        AddOutput(context, query, rtindex, entry->resno, start, (Node*)entry->expr);
    }
}

void ConnectWith(PinContext* context, List* ancestors, int rtindex) {
    Query* query = (Query*)linitial(ancestors);
    const CommonTableExpr* cte = MemberOf(ancestors, rt_fetch(rtindex, query->rtable));
    if (cte == nullptr) return;
    Query* member = (Query*)cte->ctequery;
    if (cte->cterecursive) {
        ConnectRecursion(context, query, rtindex, member);
        return;
    }
    if (member->commandType != CMD_SELECT || member->setOperations != nullptr || member->groupingSets != NIL) return;
    ListCell* cell;
    foreach (cell, member->targetList) {
        const TargetEntry* entry = (const TargetEntry*)lfirst(cell);
        if (!entry->resjunk) AddOutput(context, query, rtindex, entry->resno, member, (Node*)entry->expr);
    }
}

}  // namespace herd::planner
