// The path and plan of a fragment's gather.
#pragma once

#include "postgres/pg.h"

#include "planner/paths/fragment.h"
#include "planner/paths/lookup.h"

namespace herd::planner {

// How a gather that is asked again and again with other values finds its rows among those of all values.
struct OutputLookup {
    const Fragment* all;   // of all values
    const Fragment* some;  // of those of KeysCondition(); null: can't
    const Lookup* lookup;  // its column is among the targets
};

// What a shard does with the fragment's rows before they travel. Expressions are in the planner's numbering.
struct FragmentOutput {
    List* targets = NIL;  // the columns that travel, as expressions of `sent`
    List* sent = NIL;  // what the nodes are asked for in their place (partial aggregates); NIL: the targets themselves
    List* groups = NIL;         // expressions of GROUP BY
    List* grouping_sets = NIL;  // Lists of those expressions; NIL: one set of all
    List* having = NIL;         // implicit AND
    bool combined = false;      // the rest is done once for all shards of a task, not for each
    bool grouped = false;       // aggregated: one row per group, or one in all if there are no groups
    bool distinct = false;
    List* distinct_on = NIL;     // SortGroupClause, by reference into sort_targets; what `sort` begins with
    List* sort = NIL;            // SortGroupClause, by reference into sort_targets
    List* sort_targets = NIL;    // TargetEntry
    List* merge_pathkeys = NIL;  // if set, what `sort` means to the planner: the rows are merged in that order
    double sorted_rows = 0;      // how many rows that is
    Node* limit = nullptr;       // computable
    bool with_ties = false;
    List* local_quals = NIL;  // conditions that are checked here, on columns among the targets
    const OutputLookup* lookup = nullptr;
    List* locks = NIL;  // PlanRowMark: the shards lock the rows of those that say so
};

// A path for a scan, join or upper relation. rows: how many travel. Its parallelism is that of the nodes.
Path* MakeGatherPath(RelOptInfo* rel, PathTarget* target, const Fragment* fragment, const FragmentOutput& output,
                     double rows);

// May all of these expressions be computed on the nodes?
bool AllShip(List* expressions);
// And may their values be sent here? Rows of no named type can't.
bool AllTravel(List* expressions);

// How many shards the fragment runs on, as far as planning can tell.
double VisitedShards(const Fragment* fragment);

// How many tasks that is, where nodes are asked for several shards at a time.
double SendingTasks(const Fragment* fragment);

// May its tasks' rows be merged in an order? Each connection to a node has one task then, of all its shards.
bool MayMerge(const Fragment* fragment);

// Costs of a gather on top of the work of the nodes: round trip, and the way over the wire of rows of that many bytes.
inline constexpr double kRoundTripCost = 100;
// Nodes work at the same time; this many of them at least.
inline constexpr double kParallelNodes = 2;
// For reading a row there: pages and conditions too.
inline constexpr double kTupleCost = 0.02;
double TransferCost(double rows, int width);
// Of fetching all rows for so many requests.
inline constexpr double kRequestsOfLookup = 100;

}  // namespace herd::planner
