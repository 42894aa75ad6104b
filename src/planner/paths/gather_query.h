// The path of a fragment's gather, and the query that is its task. Internal to gather_path.
#pragma once

#include "planner/paths/gather_path.h"

namespace herd::planner {

// Lives as long as planning does; paths are never copied.
struct GatherPath {
    CustomPath path;  // first
    const Fragment* fragment;
    FragmentOutput output;
    List* columns;  // of the rows that a task combines
};

// What the nodes are asked for, in its own numbering.
Query* GatherQuery(PlannerInfo* root, GatherPath* gather);

}  // namespace herd::planner
