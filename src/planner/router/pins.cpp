#include "planner/router/pins.h"

#include "catalog/key_value.h"
#include "planner/shipping.h"
#include "postgres/walk.h"

extern "C" {
#include <catalog/pg_type.h>
#include <catalog/pg_class.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <nodes/pathnodes.h>
#include <optimizer/optimizer.h>
#include <parser/parsetree.h>
#include <utils/lsyscache.h>
}

namespace herd::planner {

namespace {

// A column of a range table entry of one query of the statement, and what it is known to equal.
struct Column {
    Query* query;
    int rtindex;
    AttrNumber attno;
    Node* value;        // computable expression, or null
    bool by_null_test;  // pinned by IS NULL: holds for this column only, equalities don't carry it on
    bool is_target;     // equals the target row's key
};

// One equality that holds for all rows that matter of the relations in `restrictable` (null: of the whole level).
struct Equality {
    Query* query;     // whose level-0 columns it may pin
    List* ancestors;  // queries from this one outward
    Relids restrictable;
    Node* left;
    Node* right;
    bool null_test;
};

struct PinContext {
    const catalog::Group* group;
    List* columns;     // Column*
    List* equalities;  // Equality*
    List* constants;
    List* relations;  // Column*: key columns of the hash-distributed tables, all must end up pinned
};

}  // namespace

static Column* ColumnOf(PinContext* context, Query* query, int rtindex, AttrNumber attno) {
    ListCell* cell;
    foreach (cell, context->columns) {
        Column* column = (Column*)lfirst(cell);
        if (column->query == query && column->rtindex == rtindex && column->attno == attno) return column;
    }
    Column* column = (Column*)palloc0(sizeof(Column));
    column->query = query;
    column->rtindex = rtindex;
    column->attno = attno;
    context->columns = lappend(context->columns, column);
    return column;
}

// Sees through relabeling (varchar as text), domains' base casts and join aliases.
static Var* PlainVar(Node* node, List* ancestors) {
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
    Equality* equality = (Equality*)palloc0(sizeof(Equality));
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
        ((Equality*)llast(context->equalities))->null_test = true;
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

static void CollectQuery(PinContext* context, List* outer, Query* query);

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
        Node* from_outside = (Node*)copyObject(PlainVar((Node*)entry->expr, inner));
        if (((Var*)from_outside)->varlevelsup == 0) {
            // The output equals the inner column, so what pins the inner one pins the output.
            Equality* up = (Equality*)palloc0(sizeof(Equality));
            up->query = (Query*)linitial(ancestors);
            up->ancestors = inner;
            up->restrictable = bms_make_singleton(rtindex);
            up->left = (Node*)from_inside;
            up->right = from_outside;
            context->equalities = lappend(context->equalities, up);
        }
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
        if (rte->rtekind != RTE_RELATION || rte->relkind == RELKIND_VIEW || !catalog::IsShell(rte->relid)) continue;
        const catalog::DistributedTable* table = catalog::GetTable(rte->relid);
        if (table->is_reference()) continue;
        Column* key = ColumnOf(context, query, rtindex, table->key_attno);
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

static void CollectQuery(PinContext* context, List* outer, Query* query) {
    List* ancestors = lcons(query, list_copy(outer));
    CollectRelations(context, ancestors, query);
    CollectJoinTree(context, ancestors, (Node*)query->jointree);
    if (query->commandType == CMD_INSERT) CollectInsertTarget(context, ancestors, query);
    SublinkContext sublinks = {context, ancestors};
    // Subqueries of the range table were visited above, with their connection to this level.
    postgres::WalkQuery(query, SublinkWalker, &sublinks, QTW_IGNORE_RT_SUBQUERIES);
}

// Does the side name a column of the equality's own query that it may pin?
static Column* PinnableSide(PinContext* context, const Equality* equality, Node* side) {
    Var* var = PlainVar(side, equality->ancestors);
    if (var == nullptr || list_nth(equality->ancestors, var->varlevelsup) != equality->query) return nullptr;
    if (!bms_is_member(var->varno, equality->restrictable)) return nullptr;
    return ColumnOf(context, equality->query, var->varno, var->varattno);
}

static bool ApplyEquality(PinContext* context, const Equality* equality, Node* pinned_side, Node* value_side) {
    Column* column = PinnableSide(context, equality, pinned_side);
    if (column == nullptr || column->value != nullptr || column->is_target) return false;
    Node* value = value_side;
    while (IsA(value, RelabelType)) value = (Node*)((RelabelType*)value)->arg;
    Var* var = PlainVar(value, equality->ancestors);
    if (var != nullptr) {
        Query* query = (Query*)list_nth(equality->ancestors, var->varlevelsup);
        Column* source = ColumnOf(context, query, var->varno, var->varattno);
        if (source->by_null_test) return false;
        column->value = source->value;
        column->is_target = source->is_target;
        return column->value != nullptr || column->is_target;
    }
    if (!IsComputable(value_side)) {
        // A single row of an INSERT is computed once, volatile or not.
        if (equality->query->commandType != CMD_INSERT || !IsComputedOnce(value_side)) return false;
    }
    column->value = value_side;
    column->by_null_test = equality->null_test;
    if (IsA(value, Const)) context->constants = lappend(context->constants, value);
    return true;
}

static void Propagate(PinContext* context) {
    bool changed = true;
    while (changed) {
        changed = false;
        ListCell* cell;
        foreach (cell, context->equalities) {
            Equality* equality = (Equality*)lfirst(cell);
            changed |= ApplyEquality(context, equality, equality->left, equality->right);
            changed |= ApplyEquality(context, equality, equality->right, equality->left);
        }
    }
}

static bool IsNullConst(Node* value) { return IsA(value, Const) && ((Const*)value)->constisnull; }

static bool SameValue(const catalog::Group* group, Node* a, Node* b) {
    if (equal(a, b)) return !contain_volatile_functions(a);
    if (!IsA(a, Const) || !IsA(b, Const)) return false;
    Const* left = (Const*)a;
    Const* right = (Const*)b;
    if (left->constisnull || right->constisnull) return left->constisnull && right->constisnull;
    return catalog::HashKeyValue(group->key_class, left->consttype, left->constvalue) ==
           catalog::HashKeyValue(group->key_class, right->consttype, right->constvalue);
}

static Node* FoldedValue(const catalog::Group* group, Node* value) {
    Node* folded = eval_const_expressions(nullptr, value);
    std::optional<KeyClass> key_class = catalog::FindKeyClass(exprType(folded));
    if (!key_class.has_value() || *key_class != group->key_class) return nullptr;
    return folded;
}

static Pins Conclude(PinContext* context) {
    Pins pins;
    bool to_target = false;
    ListCell* cell;
    foreach (cell, context->relations) {
        Column* key = (Column*)lfirst(cell);
        if (key->is_target) {
            to_target = true;
            continue;
        }
        if (key->value == nullptr) return Pins{};
        Node* value = FoldedValue(context->group, key->value);
        if (value == nullptr) return Pins{};
        if (pins.value == nullptr)
            pins.value = value;
        else if (!SameValue(context->group, pins.value, value))
            return Pins{};
    }
    if (to_target) {
        if (pins.value != nullptr) return Pins{};
        pins.result = PinResult::kTarget;
        return pins;
    }
    if (pins.value == nullptr) return Pins{};
    pins.result = PinResult::kOne;
    pins.null_key = IsNullConst(pins.value);
    pins.constants = context->constants;
    return pins;
}

Pins FindPins(Query* query, const catalog::Group* group, bool follow_target) {
    PinContext context = {group, NIL, NIL, NIL, NIL};
    CollectQuery(&context, NIL, query);
    Propagate(&context);
    Pins pins = Conclude(&context);
    if (pins.result != PinResult::kNone || !follow_target) return pins;

    const catalog::DistributedTable* target = catalog::GetTable(rt_fetch(query->resultRelation, query->rtable)->relid);
    if (target->is_reference()) return Pins{};
    ListCell* cell;
    foreach (cell, context.columns) ((Column*)lfirst(cell))->value = nullptr;
    ColumnOf(&context, query, query->resultRelation, target->key_attno)->is_target = true;
    // Values no longer count: a table pinned to a constant alone would be on one shard only.
    foreach (cell, context.equalities) {
        Equality* equality = (Equality*)lfirst(cell);
        if (PlainVar(equality->left, equality->ancestors) == nullptr ||
            PlainVar(equality->right, equality->ancestors) == nullptr)
            equality->restrictable = nullptr;
    }
    Propagate(&context);
    return Conclude(&context);
}

}  // namespace herd::planner
