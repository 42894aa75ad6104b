#include "planner/router/pins.h"

#include "catalog/key_value.h"
#include "planner/router/key_equalities.h"
#include "planner/shipping.h"

extern "C" {
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <parser/parsetree.h>
}

namespace herd::planner {

// Does the side name a column of the equality's own query that it may pin?
static KeyColumn* PinnableSide(PinContext* context, const KeyEquality* equality, Node* side) {
    Var* var = PlainVar(side, equality->ancestors);
    if (var == nullptr || list_nth(equality->ancestors, var->varlevelsup) != equality->query) return nullptr;
    if (!bms_is_member(var->varno, equality->restrictable)) return nullptr;
    return ColumnOf(context, equality->query, var->varno, var->varattno);
}

static bool ApplyEquality(PinContext* context, const KeyEquality* equality, Node* pinned_side, Node* value_side) {
    KeyColumn* column = PinnableSide(context, equality, pinned_side);
    if (column == nullptr || column->value != nullptr || column->is_target) return false;
    Node* value = value_side;
    while (IsA(value, RelabelType)) value = (Node*)((RelabelType*)value)->arg;
    Var* var = PlainVar(value, equality->ancestors);
    if (var != nullptr) {
        Query* query = (Query*)list_nth(equality->ancestors, var->varlevelsup);
        KeyColumn* source = ColumnOf(context, query, var->varno, var->varattno);
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
            KeyEquality* equality = (KeyEquality*)lfirst(cell);
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
        KeyColumn* key = (KeyColumn*)lfirst(cell);
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
    foreach (cell, context.columns) ((KeyColumn*)lfirst(cell))->value = nullptr;
    ColumnOf(&context, query, query->resultRelation, target->key_attno)->is_target = true;
    // Values no longer count: a table pinned to a constant alone would be on one shard only.
    foreach (cell, context.equalities) {
        KeyEquality* equality = (KeyEquality*)lfirst(cell);
        if (PlainVar(equality->left, equality->ancestors) == nullptr ||
            PlainVar(equality->right, equality->ancestors) == nullptr)
            equality->restrictable = nullptr;
    }
    Propagate(&context);
    return Conclude(&context);
}

}  // namespace herd::planner
