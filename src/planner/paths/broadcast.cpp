#include "planner/paths/fragment.h"
#include "planner/paths/lookup.h"
#include "planner/shipping.h"

extern "C" {
#include <access/transam.h>
#include <catalog/pg_collation.h>
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <optimizer/clauses.h>
#include <optimizer/restrictinfo.h>
#include <utils/lsyscache.h>
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

// Its values can be elements of an array that nodes take apart again. (They would take arrays apart to the last element.)
static bool TravelsInArray(const Var* var) {
    Oid type = var->vartype;
    if (type >= FirstNormalObjectId || get_typtype(type) != TYPTYPE_BASE) return false;
    if (OidIsValid(get_element_type(type)) || !OidIsValid(get_array_type(type))) return false;
    return !OidIsValid(var->varcollid) || var->varcollid == DEFAULT_COLLATION_OID;
}

static bool AllTravelInArrays(List* vars) {
    ListCell* cell;
    foreach (cell, vars)
        if (!TravelsInArray((Var*)lfirst(cell))) return false;
    return true;
}

static bool JoinTravels(PlannerInfo* root, List* restrictlist) {
    ListCell* cell;
    foreach (cell, restrictlist) {
        RestrictInfo* condition = (RestrictInfo*)lfirst(cell);
        if (condition->pseudoconstant || !IsShippableExpression((Node*)condition->clause)) return false;
        if (root->qual_security_level > 0 && condition->security_level > 0 && !condition->leakproof) return false;
    }
    return true;
}

// A join without any equality would multiply the rows that travel back.
static bool HasEquality(List* restrictlist) {
    ListCell* cell;
    foreach (cell, restrictlist) {
        RestrictInfo* condition = (RestrictInfo*)lfirst(cell);
        if (condition->can_join && OidIsValid(condition->hashjoinoperator)) return true;
    }
    return false;
}

Fragment* JoinBroadcast(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* distributed, RelOptInfo* small,
                        List* restrictlist) {
    const Fragment* fragment = FragmentOf(distributed);
    Path* path = small->cheapest_total_path;
    if (fragment == nullptr || fragment->group == nullptr || fragment->broadcasts != NIL) return nullptr;
    if (path == nullptr || path->param_info != nullptr || !bms_is_empty(joinrel->lateral_relids)) return nullptr;
    if (!DeliversPlainColumns(joinrel) || !DeliversPlainColumns(small) || small->reltarget->exprs == NIL)
        return nullptr;
    if (!AllTravelInArrays(small->reltarget->exprs)) return nullptr;
    if (!HasEquality(restrictlist) || !JoinTravels(root, restrictlist)) return nullptr;
    // They would travel for every outer row.
    if (DependOnOuterRow(root, small->relids)) return nullptr;
    Broadcast* broadcast = (Broadcast*)palloc0(sizeof(Broadcast));
    broadcast->relids = small->relids;
    broadcast->vars = small->reltarget->exprs;
    broadcast->path = path;
    RangeTblRef* ref = makeNode(RangeTblRef);
    ref->rtindex = PlaceOf(broadcast);
    Fragment* joined = (Fragment*)palloc0(sizeof(Fragment));
    *joined = *fragment;
    joined->from = lappend(list_copy(fragment->from), ref);
    joined->quals = list_concat(list_copy(fragment->quals), extract_actual_clauses(restrictlist, false));
    joined->broadcasts = list_make1(broadcast);
    joined->tuples = fragment->tuples + small->rows * fragment->group->shard_count;
    return joined;
}

}  // namespace herd::planner
