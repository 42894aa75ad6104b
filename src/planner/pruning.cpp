#include "planner/pruning.h"

#include "catalog/key_value.h"
#include "planner/shipping.h"

extern "C" {
#include <nodes/nodeFuncs.h>
#include <optimizer/restrictinfo.h>
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
