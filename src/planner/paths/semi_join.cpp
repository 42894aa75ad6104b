#include "planner/paths/semi_join.h"

#include "planner/paths/fragment_query.h"
#include "postgres/walk.h"

extern "C" {
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <optimizer/restrictinfo.h>
#include <rewrite/rewriteManip.h>
}

namespace herd::planner {

// Columns of the outer side as the subquery sees them: one level up.
static Node* OuterColumnsMutator(Node* node, void* context) {
    Relids outer = (Relids)context;
    if (node == nullptr) return nullptr;
    if (IsA(node, Var)) {
        Var* var = (Var*)copyObject(node);
        if (var->varlevelsup == 0 && bms_is_member(var->varno, outer)) var->varlevelsup = 1;
        return (Node*)var;
    }
    return postgres::MutateExpression(node, OuterColumnsMutator, context);
}

static bool DeliversOnlyOuter(RelOptInfo* joinrel, RelOptInfo* outer) {
    ListCell* cell;
    foreach (cell, joinrel->reltarget->exprs)
        if (!bms_is_member(((Var*)lfirst(cell))->varno, outer->relids)) return false;
    return true;
}

// IS NULL of the inner side: what made it an anti join, true of all its rows.
static bool TestsForNoPartner(const RestrictInfo* condition, const RelOptInfo* inner) {
    if (!IsA(condition->clause, NullTest)) return false;
    NullTest* test = (NullTest*)condition->clause;
    if (test->nulltesttype != IS_NULL || test->argisrow || !IsA(test->arg, Var)) return false;
    return bms_is_member(((Var*)test->arg)->varno, inner->relids);
}

// Nested subqueries would need their columns lifted by several levels.
static bool HasSubLink(List* quals) { return checkExprHasSubLink((Node*)quals); }

bool ComposeSemiJoin(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner, const Fragment* left,
                     const Fragment* right, bool anti, List* restrictlist, Fragment* joined) {
    if (!DeliversOnlyOuter(joinrel, outer)) return false;
    Fragment subquery = *right;
    if (HasSubLink(subquery.quals)) return false;
    List* where = NIL;
    ListCell* cell;
    foreach (cell, restrictlist) {
        RestrictInfo* condition = (RestrictInfo*)lfirst(cell);
        // Of an anti join that was a LEFT JOIN: what filters its result is not a condition of the match.
        if (anti && RINFO_IS_PUSHED_DOWN(condition, joinrel->relids)) {
            if (!TestsForNoPartner(condition, inner)) return false;
            continue;
        }
        Node* inside = OuterColumnsMutator((Node*)condition->clause, outer->relids);
        where = lappend(where, inside);
    }
    subquery.quals = list_concat_copy(subquery.quals, where);
    Query* query = FragmentToQuery(root, &subquery, list_make1(makeBoolConst(true, false)));
    SubLink* exists = makeNode(SubLink);
    exists->subLinkType = EXISTS_SUBLINK;
    exists->subselect = (Node*)query;
    exists->location = -1;
    Node* qual = anti ? (Node*)makeBoolExpr(NOT_EXPR, list_make1(exists), -1) : (Node*)exists;
    joined->from = left->from;
    joined->quals = lappend(list_copy(left->quals), qual);
    return true;
}

}  // namespace herd::planner
