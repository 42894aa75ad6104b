#include "planner/paths/fragment.h"

#include "catalog/key_value.h"
#include "planner/paths/local_filter.h"
#include "planner/pruning.h"
#include "planner/shipping.h"

extern "C" {
#include <access/sysattr.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/clauses.h>
#include <optimizer/optimizer.h>
#include <optimizer/restrictinfo.h>
#include <parser/parsetree.h>
#include <parser/parse_oper.h>
}

namespace herd::planner {

using plan::Pruning;

// PostgreSQL keeps it for foreign tables alone.
Fragment* JoinableFragmentOf(const RelOptInfo* rel) {
    return rel->fdwroutine == nullptr ? static_cast<Fragment*>(rel->fdw_private) : nullptr;
}

Fragment* FragmentOf(const RelOptInfo* rel) {
    Fragment* fragment = JoinableFragmentOf(rel);
    return fragment != nullptr && fragment->local == NIL ? fragment : nullptr;
}

void SetFragment(RelOptInfo* rel, Fragment* fragment) { rel->fdw_private = fragment; }

bool IsPlainColumn(const Var* var) {
    return var->varattno > 0 || var->varattno == SelfItemPointerAttributeNumber ||
           var->varattno == MinTransactionIdAttributeNumber || var->varattno == MaxTransactionIdAttributeNumber;
}

bool DeliversPlainColumns(const RelOptInfo* rel) {
    ListCell* cell;
    foreach (cell, rel->reltarget->exprs) {
        Node* expression = (Node*)lfirst(cell);
        if (!IsA(expression, Var) || !IsPlainColumn((Var*)expression)) return false;
    }
    return true;
}

Var* PlainColumn(Node* expression) {
    while (IsA(expression, RelabelType)) expression = (Node*)((RelabelType*)expression)->arg;
    return IsA(expression, Var) && ((Var*)expression)->varlevelsup == 0 ? (Var*)expression : nullptr;
}

const KeyColumn* FindKey(const Fragment* fragment, Node* expression) {
    Var* var = PlainColumn(expression);
    if (var == nullptr) return nullptr;
    ListCell* cell;
    foreach (cell, fragment->keys) {
        KeyColumn* key = (KeyColumn*)lfirst(cell);
        if (key->relid == (Index)var->varno && key->attno == var->varattno) return key;
    }
    return nullptr;
}

// A cast or COLLATE may have left other values equal than those of the column's own type.
static bool IsComparedAsKey(const Fragment* fragment, Node* expression) {
    Oid equality;
    get_sort_group_operators(exprType(expression), false, false, false, nullptr, &equality, nullptr, nullptr);
    return OidIsValid(equality) &&
           catalog::IsKeyEquality(equality, exprCollation(expression), fragment->group->key_class);
}

bool IsKeyOf(const Fragment* fragment, Node* expression) {
    const KeyColumn* key = FindKey(fragment, expression);
    return key != nullptr && !key->may_be_null && IsComparedAsKey(fragment, expression);
}

// ---- base relations ----

bool ConditionTravels(PlannerInfo* root, RestrictInfo* condition) {
    if (condition->pseudoconstant || !IsShippableExpression((Node*)condition->clause)) return false;
    // In one WHERE clause nothing keeps it behind a security barrier's conditions.
    return root->qual_security_level == 0 || condition->security_level == 0 || condition->leakproof;
}

bool ConditionsTravel(PlannerInfo* root, List* conditions) {
    ListCell* cell;
    foreach (cell, conditions)
        if (!ConditionTravels(root, (RestrictInfo*)lfirst(cell))) return false;
    return true;
}

bool DivideTravelling(PlannerInfo* root, List* conditions, List** travelling, List** local) {
    ListCell* cell;
    foreach (cell, conditions) {
        RestrictInfo* condition = (RestrictInfo*)lfirst(cell);
        bool travels = ConditionTravels(root, condition);
        if (!travels && !MayFilterLater(root, condition)) return false;
        List** side = travels ? travelling : local;
        *side = lappend(*side, condition);
    }
    return true;
}

Fragment* BaseFragmentWhere(PlannerInfo* root, RelOptInfo* rel, Oid shell, List* conditions) {
    if (rel->reloptkind != RELOPT_BASEREL || !bms_is_empty(rel->lateral_relids)) return nullptr;
    List* travelling = NIL;
    List* local = NIL;
    if (!DivideTravelling(root, conditions, &travelling, &local) || !DeliversPlainColumns(rel)) return nullptr;
    // Who joins or counts a sample must meet the same one again and again.
    if (planner_rt_fetch(rel->relid, root)->tablesample != nullptr) return nullptr;
    const catalog::DistributedTable* table = catalog::GetTable(shell);
    Fragment* fragment = (Fragment*)palloc0(sizeof(Fragment));
    RangeTblRef* ref = makeNode(RangeTblRef);
    ref->rtindex = (int)rel->relid;
    fragment->from = list_make1(ref);
    fragment->quals = extract_actual_clauses(travelling, false);
    fragment->local = local;
    fragment->tuples = rel->tuples;
    fragment->anchor = shell;
    if (table->is_reference()) return fragment;
    fragment->group = table->group;
    KeyColumn* key = (KeyColumn*)palloc0(sizeof(KeyColumn));
    key->relid = rel->relid;
    key->attno = table->key_attno;
    fragment->keys = list_make1(key);
    FindPruning(table, rel->relid, conditions, &fragment->pruning, &fragment->key);
    return fragment;
}

Fragment* BaseFragment(PlannerInfo* root, RelOptInfo* rel, Oid shell) {
    return BaseFragmentWhere(root, rel, shell, rel->baserestrictinfo);
}

}  // namespace herd::planner
