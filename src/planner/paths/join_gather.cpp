#include "planner/paths/join_gather.h"

#include "planner/paths/doubtful_joins.h"
#include "planner/paths/gather_path.h"
#include "planner/paths/lateral_join.h"

extern "C" {
#include <optimizer/pathnode.h>
}

namespace herd::planner {

// More rows than this are joined here instead.
static const double kMaxBroadcastRows = 20000;

static Fragment* BroadcastSmaller(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner,
                                  JoinPathExtraData* extra) {
    if (outer->rows < inner->rows) std::swap(outer, inner);
    if (inner->rows > kMaxBroadcastRows) return nullptr;
    return JoinBroadcast(root, joinrel, outer, inner, extra->restrictlist);
}

void AddJoinGather(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner, JoinType jointype,
                   JoinPathExtraData* extra) {
    DoubtNestedLoops(root, joinrel, outer, inner, jointype, extra);
    if (joinrel->reloptkind != RELOPT_JOINREL || FragmentOf(joinrel) != nullptr) return;
    if (jointype == JOIN_RIGHT) {
        std::swap(outer, inner);
        jointype = JOIN_LEFT;
    }
    // The forms that make one side unique first compute what a semi join does.
    if (jointype == JOIN_UNIQUE_OUTER || jointype == JOIN_UNIQUE_INNER) return;
    Fragment* fragment = JoinFragments(root, joinrel, outer, inner, jointype, extra->restrictlist);
    if (fragment == nullptr && (jointype == JOIN_INNER || jointype == JOIN_LEFT))
        fragment = JoinLateral(root, joinrel, outer, inner, jointype, extra->restrictlist);
    if (fragment == nullptr && jointype == JOIN_INNER) fragment = BroadcastSmaller(root, joinrel, outer, inner, extra);
    if (fragment == nullptr) return;
    SetFragment(joinrel, fragment);
    // Copies of reference tables are joined here.
    if (fragment->group == nullptr) return;
    // Rows that are locked or changed are read one relation at a time (but see locking_gather.h).
    if (root->rowMarks != NIL) return;
    FragmentOutput output;
    output.targets = joinrel->reltarget->exprs;
    add_path(joinrel, MakeGatherPath(joinrel, joinrel->reltarget, fragment, output, joinrel->rows));
}

}  // namespace herd::planner
