#include "planner/paths/join_gather.h"

#include "planner/paths/doubtful_joins.h"
#include "planner/paths/gather_path.h"
#include "planner/paths/lateral_join.h"
#include "planner/paths/local_filter.h"
#include "planner/paths/sorted_gather.h"

extern "C" {
#include <optimizer/pathnode.h>
#include <optimizer/restrictinfo.h>
}

namespace herd::planner {

// More rows than this are joined here instead.
static const double kMaxBroadcastRows = 100000;

static Fragment* TryBroadcast(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner,
                              bool broadcast_outer, JoinType jointype, JoinPathExtraData* extra) {
    if ((broadcast_outer ? outer : inner)->rows > kMaxBroadcastRows) return nullptr;
    return JoinBroadcast(root, joinrel, outer, inner, broadcast_outer, jointype, extra->restrictlist);
}

static Fragment* BroadcastOne(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner,
                              JoinType jointype, JoinPathExtraData* extra) {
    bool smaller_outer = outer->rows < inner->rows;
    Fragment* fragment = TryBroadcast(root, joinrel, outer, inner, smaller_outer, jointype, extra);
    if (fragment != nullptr) return fragment;
    return TryBroadcast(root, joinrel, outer, inner, !smaller_outer, jointype, extra);
}

void AddJoinGather(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner, JoinType jointype,
                   JoinPathExtraData* extra) {
    DoubtNestedLoops(root, joinrel, outer, inner, jointype, extra);
    if (joinrel->reloptkind != RELOPT_JOINREL || JoinableFragmentOf(joinrel) != nullptr) return;
    if (jointype == JOIN_RIGHT) {
        std::swap(outer, inner);
        jointype = JOIN_LEFT;
    }
    // The forms that make one side unique first compute what a semi join does.
    if (jointype == JOIN_UNIQUE_OUTER || jointype == JOIN_UNIQUE_INNER) return;
    Fragment* fragment = JoinFragments(root, joinrel, outer, inner, jointype, extra->restrictlist);
    if (fragment == nullptr && (jointype == JOIN_INNER || jointype == JOIN_LEFT))
        fragment = JoinLateral(root, joinrel, outer, inner, jointype, extra->restrictlist);
    if (fragment == nullptr) fragment = BroadcastOne(root, joinrel, outer, inner, jointype, extra);
    if (fragment == nullptr) return;
    SetFragment(joinrel, fragment);
    // Copies of reference tables are joined here.
    if (fragment->group == nullptr) return;
    // Rows that are locked or changed are read one relation at a time (but see locking_gather.h).
    if (root->rowMarks != NIL) return;
    FragmentOutput output;
    output.targets = list_union(joinrel->reltarget->exprs, ColumnsOfFilters(fragment->local));
    output.local_quals = extract_actual_clauses(fragment->local, false);
    Path* path = MakeGatherPath(joinrel, joinrel->reltarget, fragment, output, joinrel->rows);
    AddFilterCosts(root, path, fragment->local);
    add_path(joinrel, path);
    AddSortedGather(root, joinrel);
}

}  // namespace herd::planner
