// What may travel to the nodes as it is, and what is computed here and travels as a parameter.
#pragma once

#include "postgres/pg.h"

#include "base/result.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::planner {

// May the expression be evaluated on a node with the same result? Immutable built-in functions and operators do, and stable ones whose
// only input is a setting that connections carry. Params and var-free stable parts count as shippable, for ShipQuery lifts them.
bool IsShippableExpression(Node* expression);

// Can it be computed here before the statement starts: no columns, aggregates, subqueries or sets in it, nothing volatile?
bool IsComputable(Node* expression);

// Like IsComputable(), but volatile parts may be in it: for values of a single row.
bool IsComputedOnce(Node* expression);

// Can its values be elements of an array that nodes take apart again?
bool TravelsInArray(Oid type, Oid collation);

struct ShippedQuery {
    Query* query;      // a copy in which parameters are numbered $1…$n
    List* parameters;  // n expressions to evaluate here; each of a built-in type
};

// Lifts every Param, and every computable part whose functions don't ship, into parameters of the copy. lift_volatile: volatile parts
// too (a single row of values is evaluated once anyway). key_constants: Const nodes of `query` (by pointer) that become parameters, so
// that all keys share one text; plain constants of an INSERT's row become parameters too if lift_insert_values.
// The reason names the function or construct that keeps the query from shipping.
Result<ShippedQuery> ShipQuery(Query* query, bool lift_volatile, bool lift_insert_values, List* key_constants);

// Gives one expression to the list of parameters: returns the Param (cast to the expression's type where that is user-defined). The
// expression's type is trusted (catalog/user_code), or a domain over one that is.
Node* LiftParameter(Node* expression, List** parameters);

}  // namespace herd::planner
