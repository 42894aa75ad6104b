// A fragment's Query over the rows of all shards of one task: WITH shard_rows AS (… UNION ALL …) SELECT … FROM shard_rows.
// The part in WITH is each shard's, the rest runs once: grouped, sorted or limited rows of a task are combined where they are.
#pragma once

#include "postgres/pg.h"

#include "plan/sql_template.h"
#include "planner/paths/fragment.h"

namespace herd::planner {

// The fragment's columns in these expressions.
List* FragmentColumns(List* expressions);

// SELECT targets FROM shard_rows, whose columns are these.
Query* CombiningQuery(PlannerInfo* root, const Fragment* fragment, List* columns, List* targets);
// An expression of the planner's numbering in that of a CombiningQuery().
Node* InCombiningQuery(List* columns, Node* expression);

// What each shard does: the query itself, or its part in WITH.
Query* QueryOfShard(Query* query);
plan::SqlTemplate DeparseForShards(const Query* query);

}  // namespace herd::planner
