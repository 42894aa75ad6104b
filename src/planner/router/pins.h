// Which key values can the rows that matter have? Follows equalities on distribution columns through the
// whole statement: joins, subqueries, correlated sublinks, views.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::planner {

enum class PinResult {
    kNone,    // some hash-distributed table is not pinned
    kOne,     // all of them to one and the same value: `value`
    kTarget,  // all of them to the key of the target table's row (only with follow_target)
};

struct Pins {
    PinResult result = PinResult::kNone;
    Node* value =
        nullptr;  // an expression that IsComputable(), of a type in the key's class; with null_key it is a NULL
    bool null_key = false;  // pinned by IS NULL
    List* constants = NIL;  // the Const nodes among the pinning conditions, by pointer
};

// All hash-distributed tables must belong to `group`.
// follow_target: the statement is an UPDATE or DELETE; besides a value, the target row's own key may pin the other tables.
Pins FindPins(Query* query, const catalog::Group* group, bool follow_target);

}  // namespace herd::planner
