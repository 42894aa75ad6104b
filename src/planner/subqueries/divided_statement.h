// A statement whose rows each shard can compute, but for the order and the limit of the whole: it becomes a subquery, which the shards compute,
// of a statement that sorts and limits.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::planner {

struct DividedStatement {
    Query* whole;  // what is to be planned
    Query* inner;  // null if the statement is left as it was. Its order, if it has one, is only for its DISTINCT ON
};

// Where planning the statement's groups, DISTINCT or windows above a gather would do less in the shards. Changes the query.
DividedStatement DivideStatement(Query* query);

}  // namespace herd::planner
