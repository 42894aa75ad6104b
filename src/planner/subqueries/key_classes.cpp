#include "planner/subqueries/key_classes.h"

#include "catalog/key_value.h"
#include "planner/shipping.h"

extern "C" {
#include <nodes/makefuncs.h>
#include <parser/parsetree.h>
#include <utils/lsyscache.h>
}

namespace herd::planner {

static const Level* LevelOf(const Level* level, const Var* column) {
    for (Index up = 0; up < column->varlevelsup && level != nullptr; up++) level = level->outer;
    return level;
}

Var* PlainColumn(const Level* level, Node* expression) {
    while (expression != nullptr) {
        if (IsA(expression, RelabelType)) {
            Oid collation = ((RelabelType*)expression)->resultcollid;
            if (OidIsValid(collation) && !get_collation_isdeterministic(collation)) return nullptr;
            expression = (Node*)((RelabelType*)expression)->arg;
            continue;
        }
        if (!IsA(expression, Var) || ((Var*)expression)->varattno <= 0) return nullptr;
        Var* var = (Var*)expression;
        const Level* owner = LevelOf(level, var);
        if (owner == nullptr) return nullptr;
        RangeTblEntry* rte = rt_fetch(var->varno, owner->query->rtable);
        if (rte->rtekind != RTE_JOIN) return var;
        Node* alias = (Node*)list_nth(rte->joinaliasvars, var->varattno - 1);
        if (alias == nullptr || !IsA(alias, Var)) return nullptr;
        Var* resolved = (Var*)copyObject(alias);
        resolved->varlevelsup += var->varlevelsup;
        expression = (Node*)resolved;
    }
    return nullptr;
}

const LevelKey* FindLevelKey(List* keys, const Var* column) {
    ListCell* cell;
    foreach (cell, keys) {
        const LevelKey* key = (const LevelKey*)lfirst(cell);
        if (key->rtindex == column->varno && key->attno == column->varattno) return key;
    }
    return nullptr;
}

const LevelKey* FindOutputKey(List* keys, AttrNumber column) {
    ListCell* cell;
    foreach (cell, keys)
        if (((LevelKey*)lfirst(cell))->attno == column) return (LevelKey*)lfirst(cell);
    return nullptr;
}

const LevelKey* FindPlacedColumn(const Level* level, const Var* column) {
    const Level* owner = LevelOf(level, column);
    return owner == nullptr ? nullptr : FindLevelKey(owner->keys, column);
}

bool SameColumn(const Var* a, const Var* b) {
    return a->varno == b->varno && a->varattno == b->varattno && a->varlevelsup == b->varlevelsup;
}

static bool SameMember(Node* a, Node* b) {
    if (IsA(a, Var) && IsA(b, Var)) return SameColumn((Var*)a, (Var*)b);
    return equal(a, b);
}

static List* ClassOf(List* classes, Node* member) {
    ListCell *cell, *inner;
    foreach (cell, classes)
        foreach (inner, (List*)lfirst(cell))
            if (SameMember((Node*)lfirst(inner), member)) return (List*)lfirst(cell);
    return NIL;
}

static List* AddEquality(List* classes, Node* left, Node* right) {
    List* left_class = ClassOf(classes, left);
    List* right_class = ClassOf(classes, right);
    if (left_class != NIL && left_class == right_class) return classes;
    classes = list_delete_ptr(list_delete_ptr(classes, left_class), right_class);
    if (left_class == NIL) left_class = list_make1(left);
    if (right_class == NIL) right_class = list_make1(right);
    return lappend(classes, list_concat(left_class, right_class));
}

static Node* ClassMember(const Level* level, Node* side) {
    Var* column = PlainColumn(level, side);
    if (column != nullptr) return (Node*)column;
    return IsComputable(side) ? side : nullptr;
}

List* FindKeyClasses(const Level* level, const catalog::Group* group, List* conditions) {
    List* classes = NIL;
    ListCell* cell;
    foreach (cell, conditions) {
        OpExpr* op = (OpExpr*)lfirst(cell);
        if (!IsA(op, OpExpr) || list_length(op->args) != 2) continue;
        if (!catalog::IsKeyEquality(op->opno, op->inputcollid, group->key_class)) continue;
        Node* left = ClassMember(level, (Node*)linitial(op->args));
        Node* right = ClassMember(level, (Node*)lsecond(op->args));
        if (left != nullptr && right != nullptr) classes = AddEquality(classes, left, right);
    }
    return classes;
}

}  // namespace herd::planner
