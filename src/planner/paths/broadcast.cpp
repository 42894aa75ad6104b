#include "planner/paths/fragment.h"
#include "planner/paths/lookup.h"
#include "planner/shipping.h"

extern "C" {
#include <nodes/makefuncs.h>
#include <optimizer/clauses.h>
#include <optimizer/restrictinfo.h>
}

namespace herd::planner {

int PlaceOf(const Broadcast* broadcast) { return bms_next_member(broadcast->relids, -1); }

const Broadcast* BroadcastOf(const Fragment* fragment, Index relid) {
    ListCell* cell;
    foreach (cell, fragment->broadcasts) {
        const Broadcast* broadcast = (const Broadcast*)lfirst(cell);
        if (bms_is_member((int)relid, broadcast->relids)) return broadcast;
    }
    return nullptr;
}

static bool AllTravelInArrays(List* vars) {
    ListCell* cell;
    foreach (cell, vars) {
        const Var* var = (const Var*)lfirst(cell);
        if (!TravelsInArray(var->vartype, var->varcollid)) return false;
    }
    return true;
}

// A join without any equality would multiply the rows that travel back.
static bool HasEquality(List* restrictlist) {
    ListCell* cell;
    foreach (cell, restrictlist) {
        RestrictInfo* condition = (RestrictInfo*)lfirst(cell);
        if (!condition->can_join || !OidIsValid(condition->hashjoinoperator)) continue;
        if (IsShippableExpression((Node*)condition->clause)) return true;
    }
    return false;
}

static bool MayBroadcast(PlannerInfo* root, RelOptInfo* small) {
    Path* path = small->cheapest_total_path;
    if (path == nullptr || path->param_info != nullptr) return false;
    if (!DeliversPlainColumns(small) || small->reltarget->exprs == NIL) return false;
    // They would travel for every outer row.
    return AllTravelInArrays(small->reltarget->exprs) && !DependOnOuterRow(root, small->relids);
}

static Fragment* BroadcastFragment(RelOptInfo* small, bool whole) {
    Broadcast* broadcast = (Broadcast*)palloc0(sizeof(Broadcast));
    broadcast->relids = small->relids;
    broadcast->vars = small->reltarget->exprs;
    broadcast->path = small->cheapest_total_path;
    broadcast->whole = whole;
    RangeTblRef* ref = makeNode(RangeTblRef);
    ref->rtindex = PlaceOf(broadcast);
    Fragment* fragment = (Fragment*)palloc0(sizeof(Fragment));
    fragment->from = list_make1(ref);
    fragment->broadcasts = list_make1(broadcast);
    return fragment;
}

Fragment* JoinBroadcast(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner,
                        bool broadcast_outer, JoinType jointype, List* restrictlist) {
    RelOptInfo* small = broadcast_outer ? outer : inner;
    const Fragment* fragment = JoinableFragmentOf(broadcast_outer ? inner : outer);
    if (fragment == nullptr || fragment->group == nullptr || fragment->broadcasts != NIL) return nullptr;
    if (!bms_is_empty(joinrel->lateral_relids) || !MayBroadcast(root, small) || !HasEquality(restrictlist))
        return nullptr;
    const Fragment* broadcast = BroadcastFragment(small, !broadcast_outer && jointype != JOIN_INNER);
    Fragment* joined = broadcast_outer
                           ? JoinParts(root, joinrel, outer, inner, broadcast, fragment, jointype, restrictlist)
                           : JoinParts(root, joinrel, outer, inner, fragment, broadcast, jointype, restrictlist);
    if (joined != nullptr) joined->tuples += small->rows * fragment->group->shard_count;
    return joined;
}

}  // namespace herd::planner
