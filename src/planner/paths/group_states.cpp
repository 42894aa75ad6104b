#include "planner/paths/group_states.h"

#include "planner/paths/gather_path.h"

extern "C" {
#include <optimizer/cost.h>
}

namespace herd::planner {

// Of passing a row on from its shard's part of the statement.
static const double kPassingCost = 0.005;
// Of one more state: it is sent, read and combined here.
static const double kStateCost = 0.3;
// Of one more shard with a grouping of its own, which is planned and set up.
static const double kPartCost = 10;

double SentStates(const Fragment* fragment, const GroupedRows& grouped, bool combines) {
    double parts = combines ? SendingTasks(fragment) : VisitedShards(fragment);
    return Min(grouped.groups * parts, Max(1.0, grouped.rows));
}

bool CombinesShards(const Fragment* fragment, const GroupedRows& grouped) {
    double more_parts = VisitedShards(fragment) - SendingTasks(fragment);
    if (more_parts > 0 && grouped.guessed) return true;
    double more_states = SentStates(fragment, grouped, false) - SentStates(fragment, grouped, true);
    return grouped.rows * kPassingCost < more_states * kStateCost + more_parts * kPartCost;
}

}  // namespace herd::planner
