#include "planner/paths/lateral_join.h"

#include "planner/paths/subquery_gather.h"
#include "planner/subqueries/fragment_subqueries.h"
#include "postgres/walk.h"

extern "C" {
#include <nodes/makefuncs.h>
#include <optimizer/restrictinfo.h>
#include <parser/parsetree.h>
}

namespace herd::planner {

static bool PlaceHolderWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    if (IsA(node, PlaceHolderVar)) return true;
    if (IsA(node, Query)) return postgres::WalkQuery((Query*)node, PlaceHolderWalker, context, 0);
    return postgres::WalkExpression(node, PlaceHolderWalker, context);
}

// By now the subquery refers to the columns that it was written for as the planner numbers them.
static Spread SpreadBeside(PlannerInfo* root, const Fragment* left, Query* subquery) {
    List* keys = NIL;
    ListCell* cell;
    foreach (cell, left->keys) {
        const KeyColumn* column = (const KeyColumn*)lfirst(cell);
        LevelKey* key = (LevelKey*)palloc0(sizeof(LevelKey));
        *key = {(int)column->relid, column->attno, column->may_be_null};
        keys = lappend(keys, key);
    }
    Level around = {nullptr, root->parse, keys, true};
    return SpreadOfQuery(subquery, &around, left->group);
}

Fragment* JoinLateral(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner, JoinType jointype,
                      List* restrictlist) {
    if (inner->reloptkind != RELOPT_BASEREL || inner->rtekind != RTE_SUBQUERY) return nullptr;
    const RangeTblEntry* rte = planner_rt_fetch(inner->relid, root);
    const Spread* mark = MarkedSpread(rte->subquery);
    const Fragment* left = FragmentOf(outer);
    if (mark == nullptr || mark->residence != Residence::kWithRow || left == nullptr) return nullptr;
    if (left->group != mark->group || left->broadcasts != NIL) return nullptr;
    if (!bms_is_subset(inner->lateral_relids, outer->relids) || !bms_is_empty(joinrel->lateral_relids)) return nullptr;
    if (!DeliversPlainColumns(joinrel) || !ConditionsTravel(root, restrictlist) ||
        !ConditionsTravel(root, inner->baserestrictinfo) || PlaceHolderWalker((Node*)rte->subquery, nullptr))
        return nullptr;
    Spread spread = SpreadBeside(root, left, rte->subquery);
    if (spread.residence != Residence::kWithRow) return nullptr;
    Fragment* joined = (Fragment*)palloc0(sizeof(Fragment));
    *joined = *left;
    RangeTblRef* ref = makeNode(RangeTblRef);
    ref->rtindex = (int)inner->relid;
    List* inner_quals = extract_actual_clauses(inner->baserestrictinfo, false);
    AppendJoin(joinrel, left, ref, inner_quals, jointype, restrictlist, joined);
    joined->keys = list_concat_copy(left->keys, SubqueryKeys(inner, &spread, jointype == JOIN_LEFT));
    joined->tuples = left->tuples + TuplesOf(inner->subroot);
    return joined;
}

}  // namespace herd::planner
