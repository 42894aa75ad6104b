// From an analyzed Query to a plan: the strategies in order.
//
//   no shell                          PostgreSQL alone
//   router                            one shard answers
//   INSERT into shards                PostgreSQL plans the rows, each goes to its shard
//   UPDATE, DELETE per shard          the statement runs on each shard
//   anything else                     PostgreSQL plans it above gathers; it writes rows by their place
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/params.h>
#include <nodes/plannodes.h>
}

namespace herd::planner {

struct PlannerCall {
    const char* query_string;
    int cursor_options;
    ParamListInfo params;
    // The rest of the hook's chain, standard_planner in the end.
    PlannedStmt* (*next)(Query* parse, const char* query_string, int cursor_options, ParamListInfo params);
};

// Body of planner_hook. Raises the most useful reason where no strategy takes the statement.
PlannedStmt* PlanStatement(Query* query, const PlannerCall& call);

}  // namespace herd::planner
