// The fragments of joins (fragment.h).
#include "catalog/key_value.h"
#include "planner/paths/fragment.h"
#include "planner/paths/semi_join.h"

extern "C" {
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <optimizer/restrictinfo.h>
}

namespace herd::planner {

using plan::Pruning;

static bool JoinsKeys(const Fragment* left, const Fragment* right, Node* clause) {
    if (!IsA(clause, OpExpr) || list_length(((OpExpr*)clause)->args) != 2) return false;
    OpExpr* op = (OpExpr*)clause;
    Node* first = (Node*)linitial(op->args);
    Node* second = (Node*)lsecond(op->args);
    if (!(FindKey(left, first) && FindKey(right, second)) && !(FindKey(left, second) && FindKey(right, first)))
        return false;
    return catalog::IsKeyEquality(op->opno, op->inputcollid, left->group->key_class);
}

// Every row finds its partners on its own shard.
static bool AreColocated(const Fragment* left, const Fragment* right, List* restrictlist) {
    if (left->group != right->group) return false;
    ListCell* cell;
    foreach (cell, restrictlist)
        if (JoinsKeys(left, right, (Node*)((RestrictInfo*)lfirst(cell))->clause)) return true;
    // Both limited to the same value: PostgreSQL needs no condition between them any more.
    bool same_value = left->pruning == Pruning::kByKey && right->pruning == Pruning::kByKey;
    return same_value && equal(left->key, right->key);
}

// Is a column of the one side equal to the other side's key? Then its rows find all of their partners on one shard.
static bool MeetsKey(const Fragment* distributed, const RelOptInfo* other, List* restrictlist) {
    ListCell* cell;
    foreach (cell, restrictlist) {
        Node* clause = (Node*)((RestrictInfo*)lfirst(cell))->clause;
        if (!IsA(clause, OpExpr) || list_length(((OpExpr*)clause)->args) != 2) continue;
        OpExpr* op = (OpExpr*)clause;
        for (int side = 0; side < 2; side++) {
            Var* var = PlainColumn((Node*)list_nth(op->args, side));
            if (var == nullptr || !bms_is_member(var->varno, other->relids)) continue;
            if (!IsKeyOf(distributed, (Node*)list_nth(op->args, 1 - side))) continue;
            if (catalog::IsKeyEquality(op->opno, op->inputcollid, distributed->group->key_class)) return true;
        }
    }
    return false;
}

static bool HasBatches(const Fragment* fragment) {
    ListCell* cell;
    foreach (cell, fragment->broadcasts)
        if (!((Broadcast*)lfirst(cell))->whole) return true;
    return false;
}

static bool MayJoin(const Fragment* left, const Fragment* right, const RelOptInfo* outer, JoinType jointype,
                    List* restrictlist) {
    // A filter on rows that may be null-extended, or that only decide about others, can't wait for the join.
    if (right->local != NIL && jointype != JOIN_INNER) return false;
    if (left->local != NIL && jointype == JOIN_FULL) return false;
    // Rows that find no partner in one batch may find one in the next.
    if (HasBatches(right) && jointype != JOIN_INNER) return false;
    if (left->broadcasts != NIL && (jointype == JOIN_FULL || right->broadcasts != NIL)) return false;
    if (left->group != nullptr && right->group != nullptr) return AreColocated(left, right, restrictlist);
    if (left->group == nullptr && right->group == nullptr) return true;
    // Rows of a copy that found no partner on one shard may find one on another, or be found on several.
    if (left->group == nullptr)
        return jointype == JOIN_INNER || (jointype == JOIN_SEMI && MeetsKey(right, outer, restrictlist));
    return jointype != JOIN_FULL;
}

static List* NullableKeys(List* keys) {
    List* result = NIL;
    ListCell* cell;
    foreach (cell, keys) {
        KeyColumn* key = (KeyColumn*)palloc(sizeof(KeyColumn));
        *key = *(KeyColumn*)lfirst(cell);
        key->may_be_null = true;
        result = lappend(result, key);
    }
    return result;
}

static List* JoinedKeys(const Fragment* left, const Fragment* right, JoinType jointype) {
    switch (jointype) {
        case JOIN_INNER:
            return list_concat_copy(left->keys, right->keys);
        case JOIN_LEFT:
            return list_concat(list_copy(left->keys), NullableKeys(right->keys));
        case JOIN_FULL:
            return list_concat(NullableKeys(left->keys), NullableKeys(right->keys));
        default:
            return left->keys;
    }
}

static void SetPruning(Fragment* joined, const Fragment* left, const Fragment* right, JoinType jointype) {
    if (jointype == JOIN_FULL) return;
    const Fragment* pruned = left;
    if (jointype == JOIN_INNER && (left->pruning == Pruning::kAllShards || right->pruning == Pruning::kByKey) &&
        right->pruning != Pruning::kAllShards)
        pruned = right;
    if (left->group == nullptr) pruned = right;
    joined->pruning = pruned->pruning;
    joined->key = pruned->key;
}

static Node* ChainOf(List* from) {
    Node* item = (Node*)linitial(from);
    ListCell* cell;
    for_each_from(cell, from, 1) {
        JoinExpr* join = makeNode(JoinExpr);
        join->jointype = JOIN_INNER;
        join->larg = item;
        join->rarg = (Node*)lfirst(cell);
        item = (Node*)join;
    }
    return item;
}

// Conditions of an outer join's ON clause, and those that filter its result.
static void DivideConditions(const RelOptInfo* joinrel, List* restrictlist, List** on, List** where) {
    ListCell* cell;
    foreach (cell, restrictlist) {
        RestrictInfo* condition = (RestrictInfo*)lfirst(cell);
        List** side = RINFO_IS_PUSHED_DOWN(condition, joinrel->relids) ? where : on;
        *side = lappend(*side, condition->clause);
    }
}

void AppendJoin(const RelOptInfo* joinrel, const Fragment* left, RangeTblRef* item, List* item_quals, JoinType jointype,
                List* restrictlist, Fragment* joined) {
    if (jointype == JOIN_INNER) {
        joined->from = lappend(list_copy(left->from), item);
        joined->quals =
            list_concat(list_concat_copy(left->quals, item_quals), extract_actual_clauses(restrictlist, false));
        return;
    }
    List* on = NIL;
    List* where = NIL;
    DivideConditions(joinrel, restrictlist, &on, &where);
    JoinExpr* join = makeNode(JoinExpr);
    join->jointype = jointype;
    join->larg = ChainOf(left->from);
    join->rarg = (Node*)item;
    join->quals = (Node*)make_ands_explicit(list_concat_copy(item_quals, on));
    joined->from = list_make1(join);
    joined->quals = list_concat_copy(left->quals, where);
}

static bool Compose(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner, const Fragment* left,
                    const Fragment* right, JoinType jointype, List* restrictlist, Fragment* joined) {
    if (jointype == JOIN_INNER) {
        joined->from = list_concat_copy(left->from, right->from);
        joined->quals =
            list_concat(list_concat_copy(left->quals, right->quals), extract_actual_clauses(restrictlist, false));
        return true;
    }
    if (jointype == JOIN_SEMI || jointype == JOIN_ANTI)
        return ComposeSemiJoin(root, joinrel, outer, inner, left, right, jointype == JOIN_ANTI, restrictlist, joined);
    // Conditions on rows before a full join would need subqueries.
    if (jointype == JOIN_FULL && (left->quals != NIL || right->quals != NIL)) return false;
    List* on = NIL;
    List* where = NIL;
    DivideConditions(joinrel, restrictlist, &on, &where);
    JoinExpr* join = makeNode(JoinExpr);
    join->jointype = jointype;
    join->larg = ChainOf(left->from);
    join->rarg = ChainOf(right->from);
    join->quals = (Node*)make_ands_explicit(list_concat_copy(right->quals, on));
    joined->from = list_make1(join);
    joined->quals = list_concat_copy(left->quals, where);
    return true;
}

Fragment* JoinFragments(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner, JoinType jointype,
                        List* restrictlist) {
    Fragment* left = JoinableFragmentOf(outer);
    Fragment* right = JoinableFragmentOf(inner);
    if (left == nullptr || right == nullptr || !bms_is_empty(joinrel->lateral_relids)) return nullptr;
    return JoinParts(root, joinrel, outer, inner, left, right, jointype, restrictlist);
}

Fragment* JoinParts(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner, const Fragment* left,
                    const Fragment* right, JoinType jointype, List* restrictlist) {
    if (!DeliversPlainColumns(joinrel)) return nullptr;
    List* travelling = NIL;
    List* local = NIL;
    if (jointype == JOIN_INNER ? !DivideTravelling(root, restrictlist, &travelling, &local)
                               : !ConditionsTravel(root, restrictlist))
        return nullptr;
    if (local != NIL) restrictlist = travelling;
    if (!MayJoin(left, right, outer, jointype, restrictlist)) return nullptr;
    Fragment* joined = (Fragment*)palloc0(sizeof(Fragment));
    joined->local = list_concat(list_concat_copy(left->local, right->local), local);
    if (!Compose(root, joinrel, outer, inner, left, right, jointype, restrictlist, joined)) return nullptr;
    joined->group = left->group != nullptr ? left->group : right->group;
    joined->anchor = left->group != nullptr || right->group == nullptr ? left->anchor : right->anchor;
    joined->keys = JoinedKeys(left, right, jointype);
    joined->tuples = left->tuples + right->tuples;
    joined->broadcasts = list_concat_copy(left->broadcasts, right->broadcasts);
    SetPruning(joined, left, right, jointype);
    return joined;
}

}  // namespace herd::planner
