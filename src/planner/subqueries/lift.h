// Moving what shards can compute with the rows out of a query's expressions, into the target list of a part of it that becomes a
// subquery.
#pragma once

#include "postgres/pg.h"

#include "planner/subqueries/spread.h"

namespace herd::planner {

struct Lifting {
    Query* part;   // gets the columns
    int relation;  // the part is this relation of the query, its columns where they were; 0: all of FROM, as relation 1
    int depth;     // of subqueries below the query
    bool may_lift;  // not what is computed of groups
    bool is_early;  // for rows too that conditions above would leave out
    bool gained;    // something was lifted
};

// Can the shards complete the part, and by itself?
bool IsSharded(Query* part, Spread* spread);

bool IsGrouped(const Query* query);

// Are all columns in the expression, in whatever depth, the relation's? (0: of any.)
bool IsAboutRelation(int relation, Node* expression);

// A copy of the expression that reads from the part. Correlated subqueries in it are lifted where may_lift says so and shards can compute
// them; what surrounds one goes with it as far as it can.
Node* Lift(Node* node, Lifting* lifting);
// The same of the target list.
List* LiftTargets(const Query* query, Lifting* lifting);

}  // namespace herd::planner
