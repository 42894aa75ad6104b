#include "guard/sorted_groups.h"

#include "guard/guard.h"

extern "C" {
#include <miscadmin.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/cost.h>
#include <optimizer/pathnode.h>
#include <optimizer/paths.h>
#include <utils/lsyscache.h>
}

namespace herd::guard {

namespace {

constexpr double kHashedGroupBytes = 80;              // a tuple, its entry and its aggregates
constexpr double kSmallTableBytes = 4 * 1024 * 1024;  // hashing is as good while a core's caches hold much of the table
constexpr double kMostRowsPerGroup = 4;               // sorting has to do with all rows
constexpr double kSortedDatumBytes = 24;

struct Grouping {
    const List* clause;
    List* pathkeys;
};

Grouping FindGrouping(const PlannerInfo* root, UpperRelationKind stage) {
    const Query* query = root->parse;
    if (stage == UPPERREL_GROUP_AGG && query->groupingSets == NIL) return {query->groupClause, root->group_pathkeys};
    if (stage == UPPERREL_DISTINCT && !query->hasDistinctOn) return {query->distinctClause, root->distinct_pathkeys};
    return {NIL, NIL};
}

AggPath* FindHashed(const RelOptInfo* output) {
    ListCell* cell;
    foreach (cell, output->pathlist) {
        Path* path = static_cast<Path*>(lfirst(cell));
        if (!IsA(path, AggPath)) continue;
        auto* aggregate = reinterpret_cast<AggPath*>(path);
        if (aggregate->aggstrategy == AGG_HASHED && aggregate->aggsplit == AGGSPLIT_SIMPLE) return aggregate;
    }
    return nullptr;
}

// Then the executor sorts values instead of rows.
bool IsOneFixedValue(const PathTarget* target) {
    return list_length(target->exprs) == 1 && get_typbyval(exprType(static_cast<Node*>(linitial(target->exprs))));
}

bool IsSortingBetter(const AggPath* hashed) {
    double rows = hashed->subpath->rows;
    double groups = hashed->numGroups;
    return groups * kHashedGroupBytes >= kSmallTableBytes && groups * kMostRowsPerGroup >= rows &&
           rows * kSortedDatumBytes <= work_mem * 1024.0;
}

// As costly as what it is to replace: PostgreSQL prefers what is sorted as well.
AggPath* MakeSorted(PlannerInfo* root, AggPath* hashed, List* pathkeys) {
    SortPath* sort = create_sort_path(root, hashed->subpath->parent, hashed->subpath, pathkeys, -1.0);
    sort->path.startup_cost = Min(sort->path.startup_cost, hashed->path.startup_cost);
    sort->path.total_cost = Min(sort->path.total_cost, hashed->path.startup_cost);
    AggPath* sorted = makeNode(AggPath);
    *sorted = *hashed;
    sorted->aggstrategy = AGG_SORTED;
    sorted->subpath = &sort->path;
    sorted->path.pathkeys = pathkeys;
    return sorted;
}

}  // namespace

void PreferSortedGroups(PlannerInfo* root, UpperRelationKind stage, RelOptInfo* output) {
    if (!IsPlanningTask() || !enable_sort) return;
    Grouping grouping = FindGrouping(root, stage);
    if (list_length(grouping.clause) != 1 || list_length(grouping.pathkeys) != 1) return;
    AggPath* hashed = FindHashed(output);
    if (hashed == nullptr || !IsOneFixedValue(hashed->subpath->pathtarget) || !IsSortingBetter(hashed)) return;
    add_path(output, &MakeSorted(root, hashed, grouping.pathkeys)->path);
}

}  // namespace herd::guard
