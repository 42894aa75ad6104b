// A regrouping from inside. Internal to its files: regroup.cpp finds out what the query asks for and puts the grouping above the gather,
// regroup_states.cpp makes the gather.
#pragma once

#include "planner/paths/gather_path.h"
#include "planner/paths/regroup.h"

extern "C" {
#include <nodes/pathnodes.h>
}

namespace herd::planner {

// One aggregate of the query, and what stands for it above the gather.
struct Replacement {
    Aggref* original;
    Aggref* above;
    Aggref* partial;  // the column that is its state; null for a DISTINCT aggregate of rows
    Aggref* sent;     // what the nodes are asked for
    int key_set;      // of a DISTINCT aggregate
};

struct Regrouping {
    PlannerInfo* root;
    const Fragment* fragment;
    List* groups;
    List* dependent;     // columns that depend on the groups
    List* replacements;  // Replacement*
    // Lists of what the shards group by besides the query's groups, for the DISTINCT aggregates that need it
    List* key_sets;
    GroupingFunc* mark;  // the column that tells rows of several key sets apart; null if there is one alone
    List* marked;        // what it tells: the columns of all key sets
};

// Its number among the key sets; entered if it isn't there yet.
int FindKeySet(Regrouping* regrouping, List* columns);
// Each aggregate takes the rows of its own key set, states those of the groups alone. False if there are too many columns to tell them by.
bool MarkKeySets(Regrouping* regrouping);
// The gather of groups, keys and states; null if they can't travel.
Path* GatherStates(Regrouping* regrouping, RelOptInfo* input);

}  // namespace herd::planner
