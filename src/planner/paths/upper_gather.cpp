#include "planner/paths/upper_gather.h"

#include "planner/paths/group_gather.h"
#include "planner/paths/grouped_lookup.h"
#include "planner/paths/locking_gather.h"
#include "planner/paths/top_gather.h"

namespace herd::planner {

void AddUpperGathers(PlannerInfo* root, UpperRelationKind stage, RelOptInfo* input, RelOptInfo* output, void* extra) {
    switch (stage) {
        case UPPERREL_GROUP_AGG:
            AddGroupGathers(root, input, output, (GroupPathExtraData*)extra);
            AddGroupedLookup(root, input, output, (GroupPathExtraData*)extra);
            break;
        case UPPERREL_DISTINCT:
            AddDistinctGather(root, input, output);
            break;
        case UPPERREL_ORDERED:
            AddTopGather(root, input, output);
            break;
        case UPPERREL_FINAL:
            AddLockingGather(root, output);
            break;
        default:
            break;
    }
}

}  // namespace herd::planner
