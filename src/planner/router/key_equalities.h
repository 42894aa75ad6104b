// The equalities between columns, and between columns and values, that hold for the rows that matter in a statement. Internal to this folder.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"

extern "C" {
#include <nodes/pathnodes.h>
}

namespace herd::planner {

// A column of a range table entry of one query of the statement, and what it is known to equal.
struct KeyColumn {
    Query* query;
    int rtindex;
    AttrNumber attno;
    Node* value;        // computable expression, or null
    bool by_null_test;  // pinned by IS NULL: holds for this column only, equalities don't carry it on
    bool is_target;     // equals the target row's key
};

// One equality that holds for all rows that matter of the relations in `restrictable` (null: of the whole level).
struct KeyEquality {
    Query* query;     // whose level-0 columns it may pin
    List* ancestors;  // queries from this one outward
    Relids restrictable;
    Node* left;
    Node* right;
    bool null_test;
};

struct PinContext {
    const catalog::Group* group;
    List* columns;     // KeyColumn*
    List* equalities;  // KeyEquality*
    List* constants;
    List* relations;  // KeyColumn*: key columns of the hash-distributed tables, all must end up pinned
};

// Entered if it isn't known yet.
KeyColumn* ColumnOf(PinContext* context, Query* query, int rtindex, AttrNumber attno);
// Sees through relabeling (varchar as text), domains' base casts and join aliases.
Var* PlainVar(Node* node, List* ancestors);
// Output column attno of relation rtindex of `query` shows the expression of the query `below`: what pins that pins the column.
void AddOutput(PinContext* context, Query* query, int rtindex, AttrNumber attno, Query* below, Node* expression);
// Enters the columns and equalities of a query and of all below it. outer: the queries around it, innermost first.
void CollectQuery(PinContext* context, List* outer, Query* query);

}  // namespace herd::planner
