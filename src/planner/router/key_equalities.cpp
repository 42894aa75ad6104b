#include "planner/router/key_equalities.h"

#include "catalog/key_value.h"
#include "planner/router/with_pins.h"
#include "postgres/walk.h"

extern "C" {
#include <catalog/pg_class.h>
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <parser/parsetree.h>
}

namespace herd::planner {

KeyColumn* ColumnOf(PinContext* context, Query* query, int rtindex, AttrNumber attno) {
    ListCell* cell;
    foreach (cell, context->columns) {
        KeyColumn* column = (KeyColumn*)lfirst(cell);
        if (column->query == query && column->rtindex == rtindex && column->attno == attno) return column;
    }
    KeyColumn* column = (KeyColumn*)palloc0(sizeof(KeyColumn));
    column->query = query;
    column->rtindex = rtindex;
    column->attno = attno;
    context->columns = lappend(context->columns, column);
    return column;
}

Var* PlainVar(Node* node, List* ancestors) {
    while (node != nullptr) {
        if (IsA(node, RelabelType)) {
            node = (Node*)((RelabelType*)node)->arg;
            continue;
        }
        if (!IsA(node, Var)) return nullptr;
        Var* var = (Var*)node;
        if ((int)var->varlevelsup >= list_length(ancestors) || var->varattno <= 0) return nullptr;
        Query* query = (Query*)list_nth(ancestors, var->varlevelsup);
        RangeTblEntry* rte = rt_fetch(var->varno, query->rtable);
        if (rte->rtekind != RTE_JOIN) return var;
        // A merged column of a FULL join is a COALESCE: no Var, not followed.
        Node* alias = (Node*)list_nth(rte->joinaliasvars, var->varattno - 1);
        if (alias == nullptr || !IsA(alias, Var)) return nullptr;
        Var* resolved = (Var*)copyObject(alias);
        resolved->varlevelsup += var->varlevelsup;
        node = (Node*)resolved;
    }
    return nullptr;
}

static void AddEquality(PinContext* context, List* ancestors, Relids restrictable, Node* left, Node* right) {
    KeyEquality* equality = (KeyEquality*)palloc0(sizeof(KeyEquality));
    equality->query = (Query*)linitial(ancestors);
    equality->ancestors = list_copy(ancestors);
    equality->restrictable = restrictable;
    equality->left = left;
    equality->right = right;
    context->equalities = lappend(context->equalities, equality);
}

// Relations whose columns may be null because an outer join found no partner.
static Relids NullableRelids(Node* jointree);
static Relids RelidsBelow(Node* jointree);

static void CollectCondition(PinContext* context, List* ancestors, Relids restrictable, Node* condition) {
    if (condition == nullptr) return;
    if (IsA(condition, List)) {
        ListCell* cell;
        foreach (cell, (List*)condition) CollectCondition(context, ancestors, restrictable, (Node*)lfirst(cell));
        return;
    }
    if (is_andclause(condition)) {
        CollectCondition(context, ancestors, restrictable, (Node*)((BoolExpr*)condition)->args);
        return;
    }
    if (IsA(condition, NullTest)) {
        NullTest* test = (NullTest*)condition;
        if (test->nulltesttype != IS_NULL || test->argisrow) return;
        Const* null_value = makeNullConst(exprType((Node*)test->arg), -1, InvalidOid);
        Relids nullable = NullableRelids((Node*)((Query*)linitial(ancestors))->jointree);
        AddEquality(context, ancestors, bms_difference(restrictable, nullable), (Node*)test->arg, (Node*)null_value);
        ((KeyEquality*)llast(context->equalities))->null_test = true;
        return;
    }
    // A boolean column by itself, or negated, is compared with a constant.
    if (IsA(condition, Var) && exprType(condition) == BOOLOID)
        AddEquality(context, ancestors, restrictable, condition, makeBoolConst(true, false));
    if (is_notclause(condition) && IsA(linitial(((BoolExpr*)condition)->args), Var))
        AddEquality(context, ancestors, restrictable, (Node*)linitial(((BoolExpr*)condition)->args),
                    makeBoolConst(false, false));
    if (!IsA(condition, OpExpr)) return;
    OpExpr* op = (OpExpr*)condition;
    if (list_length(op->args) != 2 || !catalog::IsKeyEquality(op->opno, op->inputcollid, context->group->key_class))
        return;
    AddEquality(context, ancestors, restrictable, (Node*)linitial(op->args), (Node*)lsecond(op->args));
}

static Relids RelidsBelow(Node* jointree) {
    if (jointree == nullptr) return nullptr;
    if (IsA(jointree, RangeTblRef)) return bms_make_singleton(((RangeTblRef*)jointree)->rtindex);
    if (IsA(jointree, JoinExpr))
        return bms_union(RelidsBelow(((JoinExpr*)jointree)->larg), RelidsBelow(((JoinExpr*)jointree)->rarg));
    Relids all = nullptr;
    ListCell* cell;
    foreach (cell, ((FromExpr*)jointree)->fromlist) all = bms_join(all, RelidsBelow((Node*)lfirst(cell)));
    return all;
}

static Relids NullableRelids(Node* jointree) {
    if (jointree == nullptr || IsA(jointree, RangeTblRef)) return nullptr;
    if (IsA(jointree, FromExpr)) {
        Relids nullable = nullptr;
        ListCell* cell;
        foreach (cell, ((FromExpr*)jointree)->fromlist)
            nullable = bms_join(nullable, NullableRelids((Node*)lfirst(cell)));
        return nullable;
    }
    JoinExpr* join = (JoinExpr*)jointree;
    Relids nullable = bms_union(NullableRelids(join->larg), NullableRelids(join->rarg));
    if (join->jointype == JOIN_LEFT || join->jointype == JOIN_FULL)
        nullable = bms_join(nullable, RelidsBelow(join->rarg));
    if (join->jointype == JOIN_RIGHT || join->jointype == JOIN_FULL)
        nullable = bms_join(nullable, RelidsBelow(join->larg));
    return nullable;
}

static void CollectJoinTree(PinContext* context, List* ancestors, Node* jointree) {
    if (jointree == nullptr || IsA(jointree, RangeTblRef)) return;
    if (IsA(jointree, FromExpr)) {
        FromExpr* from = (FromExpr*)jointree;
        ListCell* cell;
        foreach (cell, from->fromlist) CollectJoinTree(context, ancestors, (Node*)lfirst(cell));
        CollectCondition(context, ancestors, RelidsBelow(jointree), from->quals);
        return;
    }
    JoinExpr* join = (JoinExpr*)jointree;
    CollectJoinTree(context, ancestors, join->larg);
    CollectJoinTree(context, ancestors, join->rarg);
    // An outer join's condition says nothing about rows of the side that is kept whole.
    Relids restrictable = nullptr;
    if (join->jointype == JOIN_INNER)
        restrictable = RelidsBelow(jointree);
    else if (join->jointype == JOIN_LEFT)
        restrictable = RelidsBelow(join->rarg);
    else if (join->jointype == JOIN_RIGHT)
        restrictable = RelidsBelow(join->larg);
    if (restrictable != nullptr) CollectCondition(context, ancestors, restrictable, join->quals);
}

static bool IsGroupedBy(List* clauses, const TargetEntry* entry) {
    ListCell* cell;
    foreach (cell, clauses)
        if (((SortGroupClause*)lfirst(cell))->tleSortGroupRef == entry->ressortgroupref && entry->ressortgroupref > 0)
            return true;
    return false;
}

// Can rows of the subquery be left out by a condition on this output column before it groups, numbers or limits them? That holds
// where rows with different values of the column never meet.
static bool IsFilterable(Query* query, const TargetEntry* entry) {
    if (query->commandType != CMD_SELECT || query->setOperations != nullptr || query->groupingSets != NIL ||
        query->hasTargetSRFs || query->limitCount != nullptr || query->limitOffset != nullptr)
        return false;
    bool groups = query->hasAggs || query->groupClause != NIL || query->havingQual != nullptr;
    if (groups && !IsGroupedBy(query->groupClause, entry)) return false;
    if (query->hasDistinctOn && !IsGroupedBy(query->distinctClause, entry)) return false;
    ListCell* cell;
    foreach (cell, query->windowClause)
        if (!IsGroupedBy(((WindowClause*)lfirst(cell))->partitionClause, entry)) return false;
    return true;
}

void AddOutput(PinContext* context, Query* query, int rtindex, AttrNumber attno, Query* below, Node* expression) {
    Var* output = makeVar(rtindex, attno, exprType(expression), -1, InvalidOid, 1);
    KeyEquality* up = (KeyEquality*)palloc0(sizeof(KeyEquality));
    up->query = query;
    up->ancestors = list_make2(below, query);
    up->restrictable = bms_make_singleton(rtindex);
    up->left = (Node*)output;
    up->right = expression;
    context->equalities = lappend(context->equalities, up);
}

// A pin of the subquery's output column pins the inner column that it shows.
static void ConnectSubquery(PinContext* context, List* ancestors, int rtindex, Query* subquery) {
    List* inner = lcons(subquery, list_copy(ancestors));
    ListCell* cell;
    foreach (cell, subquery->targetList) {
        TargetEntry* entry = (TargetEntry*)lfirst(cell);
        if (entry->resjunk || !IsFilterable(subquery, entry) || PlainVar((Node*)entry->expr, inner) == nullptr)
            continue;
        Var* output = makeVar(rtindex, entry->resno, exprType((Node*)entry->expr), -1, InvalidOid, 0);
        Var* from_inside = (Var*)copyObject(output);
        from_inside->varlevelsup = 1;
        AddEquality(context, inner, RelidsBelow((Node*)subquery->jointree), (Node*)entry->expr, (Node*)from_inside);
        Var* shown = PlainVar((Node*)entry->expr, inner);
        if (shown->varlevelsup == 0)
            AddOutput(context, (Query*)linitial(ancestors), rtindex, entry->resno, subquery, (Node*)shown);
    }
}

static bool SublinkWalker(Node* node, void* argument);

namespace {
struct SublinkContext {
    PinContext* pins;
    List* ancestors;
};
}  // namespace

static bool SublinkWalker(Node* node, void* argument) {
    SublinkContext* context = (SublinkContext*)argument;
    if (node == nullptr) return false;
    if (IsA(node, Query)) {
        CollectQuery(context->pins, context->ancestors, (Query*)node);
        return false;
    }
    return postgres::WalkExpression(node, SublinkWalker, argument);
}

static void CollectRelations(PinContext* context, List* ancestors, Query* query) {
    int rtindex = 0;
    ListCell* cell;
    foreach (cell, query->rtable) {
        RangeTblEntry* rte = (RangeTblEntry*)lfirst(cell);
        rtindex++;
        if (rte->rtekind == RTE_SUBQUERY) {
            CollectQuery(context, ancestors, rte->subquery);
            ConnectSubquery(context, ancestors, rtindex, rte->subquery);
        }
        if (rte->rtekind == RTE_CTE) ConnectWith(context, ancestors, rtindex);
        if (rte->rtekind != RTE_RELATION || rte->relkind == RELKIND_VIEW || !catalog::IsShell(rte->relid)) continue;
        const catalog::DistributedTable* table = catalog::GetTable(rte->relid);
        if (table->is_reference()) continue;
        KeyColumn* key = ColumnOf(context, query, rtindex, table->key_attno);
        context->relations = lappend(context->relations, key);
        CollectCondition(context, ancestors, bms_make_singleton(rtindex), (Node*)rte->securityQuals);
    }
}

// An INSERT's row says itself where it goes.
static void CollectInsertTarget(PinContext* context, List* ancestors, Query* query) {
    RangeTblEntry* rte = rt_fetch(query->resultRelation, query->rtable);
    if (!catalog::IsShell(rte->relid)) return;
    const catalog::DistributedTable* table = catalog::GetTable(rte->relid);
    if (table->is_reference()) return;
    Node* value = (Node*)makeNullConst(table->key_type, table->key_typmod, table->key_collation);
    ListCell* cell;
    foreach (cell, query->targetList) {
        TargetEntry* entry = (TargetEntry*)lfirst(cell);
        if (!entry->resjunk && entry->resno == table->key_attno) value = (Node*)entry->expr;
    }
    Var* key = makeVar(query->resultRelation, table->key_attno, table->key_type, -1, InvalidOid, 0);
    AddEquality(context, ancestors, bms_make_singleton(query->resultRelation), (Node*)key, value);
}

void CollectQuery(PinContext* context, List* outer, Query* query) {
    List* ancestors = lcons(query, list_copy(outer));
    CollectRelations(context, ancestors, query);
    CollectJoinTree(context, ancestors, (Node*)query->jointree);
    if (query->commandType == CMD_INSERT) CollectInsertTarget(context, ancestors, query);
    SublinkContext sublinks = {context, ancestors};
    // Subqueries of the range table were visited above, with their connection to this level.
    postgres::WalkQuery(query, SublinkWalker, &sublinks, QTW_IGNORE_RT_SUBQUERIES);
}

}  // namespace herd::planner
