// Conditions of a subquery that compare a column with a value of the outer row. A gather that is asked again for every outer row can fetch
// all of its rows once and look them up by that column.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"
#include "plan/distributed_plan.h"

extern "C" {
#include <nodes/pathnodes.h>
}

namespace herd::planner {

struct Lookup {
    RestrictInfo* condition;  // column = value
    Var* column;
    Node* value;
    Oid operator_id;  // hashable; the column is its left or right side
    bool column_is_left;
    Oid collation;
    List* correlated;         // RestrictInfos that depend on the outer row, this one among them
    plan::LookupCosts costs;  // set by whoever makes the path
};

// Null if there is no such condition. Only while the paths of the subquery are made: later it is not known any more which
// parameters change with the outer row.
Lookup* FindLookup(PlannerInfo* root, RelOptInfo* rel);

// Does the expression depend on an outer row? Likewise only while paths are made, of whatever stage.
bool ReadsOuterRow(PlannerInfo* root, Node* expression);

// Do conditions on these base relations depend on an outer row? Likewise only while paths are made.
bool DependOnOuterRow(PlannerInfo* root, Relids relids);

}  // namespace herd::planner
