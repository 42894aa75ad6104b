// Where the states of a task's shards are made: over the rows of all of them, or shard by shard.
//
// In the first way few rows travel and a statement of many shards is short, but every row passes one more step. In the second a state per
// shard and group travels.
#pragma once

#include "postgres/pg.h"

#include "planner/paths/fragment.h"

namespace herd::planner {

// The fragment's rows, and the groups that they form. guessed: nothing is known of the latter.
struct GroupedRows {
    double rows;
    double groups;
    bool guessed;
};

// Is the first way the better one?
bool CombinesShards(const Fragment* fragment, const GroupedRows& grouped);
// How many states travel.
double SentStates(const Fragment* fragment, const GroupedRows& grouped, bool combines);

}  // namespace herd::planner
