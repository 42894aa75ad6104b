// The statement that fetches the rows of one base relation from its shards.
#pragma once

#include "postgres/pg.h"

#include "plan/distributed_plan.h"

extern "C" {
#include <nodes/pathnodes.h>
}

namespace herd::planner {

// IntList: attribute numbers of what the relation's targets and the conditions checked here need.
List* FetchedColumns(RelOptInfo* rel, Oid relid, List* local_quals);
// Are the relation's rows locked or changed later? Then they must say where they are.
bool FetchesPlace(PlannerInfo* root, const RelOptInfo* rel);
// Are the system columns of rows that don't fetch their place wanted by the user?
bool ShowsSystemColumns(PlannerInfo* root, const RelOptInfo* rel);
// SELECT columns FROM shell WHERE quals LIMIT limit, as a Query of its own; limit may be null.
Query* FragmentQuery(const RangeTblEntry* rte, List* columns, List* remote_quals, Node* limit);
// Deparses the fragment and appends its parameters, those constants among them, to the scan's expressions.
plan::SqlTemplate WriteFragment(Query* fragment, bool with_place, List* constants, List** expressions,
                                int* parameter_count);
// WHERE CURRENT OF a cursor, which is all of its WHERE.
CurrentOfExpr* FindCursor(List* clauses);
// Deparses the fragment of the row that a cursor stands on.
void WriteCursorFragment(Query* fragment, CurrentOfExpr* cursor, plan::DistributedScan* scan, List** expressions);

}  // namespace herd::planner
