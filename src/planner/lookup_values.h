// The values that the lookups of a finished plan will be asked for, as expressions of the rows that they come from.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/extensible.h>
#include <nodes/plannodes.h>
}

namespace herd::planner {

struct LookupValue {
    CustomScan* scan;  // with the lookup
    Node* expression;  // over the columns of the node that sets the lookup's parameters
    int feed;          // once FeedLookups() has been called
};

// Of the lookups on the loop's inner side that depend on its outer one.
List* ValuesOfNestLoop(PlannedStmt* statement, const NestLoop* loop);
// Of those in subqueries in the node's targets and conditions, but not within aggregates and window functions; and only within the former.
List* ValuesOfSubPlans(PlannedStmt* statement, const Plan* node);
List* ValuesOfAggregates(PlannedStmt* statement, const Plan* node);

// Tells the lookups where they find their values.
void FeedLookups(PlannedStmt* statement, List* values);

// Adds the columns, aggregates and window functions in the expressions to those of `columns`.
List* ColumnsIn(List* expressions, List* columns);
// The expression over a tuple that has these columns.
Node* ColumnsByNumber(Node* expression, List* columns);

// Does something in this plan depend on how many rows are asked for, or when? And where the node's targets are left out?
bool IsVolatile(Plan* node);
bool HasVolatileSource(Plan* node);

}  // namespace herd::planner
