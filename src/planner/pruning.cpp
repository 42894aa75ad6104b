#include "planner/pruning.h"

#include "catalog/key_value.h"
#include "planner/shipping.h"

extern "C" {
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <optimizer/restrictinfo.h>
#include <utils/array.h>
#include <utils/lsyscache.h>
}

namespace herd::planner {

using plan::Pruning;

static Node* KeySide(const catalog::DistributedTable* table, Index relid, Node* side) {
    while (IsA(side, RelabelType)) side = (Node*)((RelabelType*)side)->arg;
    if (!IsA(side, Var)) return nullptr;
    Var* var = (Var*)side;
    return var->varno == (int)relid && var->varattno == table->key_attno && var->varlevelsup == 0 ? side : nullptr;
}

static bool IsOfKeyClass(const catalog::DistributedTable* table, Oid type) {
    std::optional<KeyClass> key_class = catalog::FindKeyClass(type);
    return key_class.has_value() && *key_class == table->group->key_class;
}

static bool PruneBy(const catalog::DistributedTable* table, Index relid, Node* clause, Pruning* pruning, Node** key);

static List* ElementsOf(Node* array, Oid type) {
    if (!IsA(array, Const)) return IsA(array, ArrayExpr) ? ((ArrayExpr*)array)->elements : NIL;
    const Const* constant = (const Const*)array;
    if (constant->constisnull) return NIL;
    int16 length;
    bool by_value;
    char alignment;
    get_typlenbyvalalign(type, &length, &by_value, &alignment);
    Datum* values;
    bool* nulls;
    int count;
    deconstruct_array(DatumGetArrayTypeP(constant->constvalue), type, length, by_value, alignment, &values, &nulls,
                      &count);
    List* elements = NIL;
    for (int i = 0; i < count; i++)
        elements =
            lappend(elements, makeConst(type, -1, get_typcollation(type), length, values[i], nulls[i], by_value));
    return elements;
}

// The values of a pruning condition; false if they are not known one by one, or of another type than those before.
static bool AddValues(Pruning pruning, Node* key, Oid* type, List** values) {
    Oid own_type = pruning == Pruning::kByKeyArray ? get_element_type(exprType(key)) : exprType(key);
    if (pruning != Pruning::kByKey && pruning != Pruning::kByKeyArray) return false;
    if (OidIsValid(*type) && *type != own_type) return false;
    *type = own_type;
    List* added = pruning == Pruning::kByKey ? list_make1(key) : ElementsOf(key, own_type);
    *values = list_concat(*values, added);
    return added != NIL;
}

// key = 1 OR key IN (2, 3) AND other = 4: as if it were key = ANY (…).
static bool PruneByAlternatives(const catalog::DistributedTable* table, Index relid, List* alternatives, Node** key) {
    Oid type = InvalidOid;
    List* values = NIL;
    ListCell* cell;
    foreach (cell, alternatives) {
        Pruning pruning = Pruning::kAllShards;
        Node* value = nullptr;
        FindPruning(table, relid, make_ands_implicit((Expr*)lfirst(cell)), &pruning, &value);
        if (!AddValues(pruning, value, &type, &values)) return false;
    }
    ArrayExpr* array = makeNode(ArrayExpr);
    array->array_typeid = get_array_type(type);
    array->element_typeid = type;
    array->elements = values;
    array->array_collid = get_typcollation(type);
    array->location = -1;
    *key = eval_const_expressions(nullptr, (Node*)array);
    return OidIsValid(array->array_typeid);
}

// Looks for a condition that tells the shards; sets pruning and key.
static bool PruneBy(const catalog::DistributedTable* table, Index relid, Node* clause, Pruning* pruning, Node** key) {
    if (IsA(clause, NullTest) && ((NullTest*)clause)->nulltesttype == IS_NULL &&
        KeySide(table, relid, (Node*)((NullTest*)clause)->arg)) {
        *pruning = Pruning::kNullKey;
        return true;
    }
    if (IsA(clause, OpExpr) && list_length(((OpExpr*)clause)->args) == 2) {
        OpExpr* op = (OpExpr*)clause;
        Node* left = (Node*)linitial(op->args);
        Node* right = (Node*)lsecond(op->args);
        if (!KeySide(table, relid, left)) std::swap(left, right);
        if (!KeySide(table, relid, left) || !IsComputable(right) || !IsOfKeyClass(table, exprType(right))) return false;
        if (!catalog::IsKeyEquality(op->opno, op->inputcollid, table->group->key_class)) return false;
        *pruning = Pruning::kByKey;
        *key = right;
        return true;
    }
    if (IsA(clause, ScalarArrayOpExpr)) {
        ScalarArrayOpExpr* op = (ScalarArrayOpExpr*)clause;
        Node* array = (Node*)lsecond(op->args);
        if (!op->useOr || !KeySide(table, relid, (Node*)linitial(op->args)) || !IsComputable(array)) return false;
        Oid element = get_element_type(exprType(array));
        if (!OidIsValid(element) || !IsOfKeyClass(table, element)) return false;
        if (!catalog::IsKeyEquality(op->opno, op->inputcollid, table->group->key_class)) return false;
        *pruning = Pruning::kByKeyArray;
        *key = array;
        return true;
    }
    if (is_orclause(clause) && PruneByAlternatives(table, relid, ((BoolExpr*)clause)->args, key)) {
        *pruning = Pruning::kByKeyArray;
        return true;
    }
    return false;
}

void FindPruning(const catalog::DistributedTable* table, Index relid, List* clauses, Pruning* pruning, Node** key) {
    ListCell* cell;
    foreach (cell, clauses) {
        Node* clause = (Node*)lfirst(cell);
        if (IsA(clause, RestrictInfo)) clause = (Node*)((RestrictInfo*)clause)->clause;
        Pruning found;
        Node* found_key = nullptr;
        // Pruning evaluates no user's expression on rows, but a value that leaks nothing: any order is safe.
        if (!PruneBy(table, relid, clause, &found, &found_key)) continue;
        if (*pruning != Pruning::kAllShards && found != Pruning::kByKey) continue;
        *pruning = found;
        *key = found_key;
        if (found == Pruning::kByKey) return;
    }
}

}  // namespace herd::planner
