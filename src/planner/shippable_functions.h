// Which functions give the same result on a node as here.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/primnodes.h>
}

namespace herd::planner {

// Judges the node itself, not its arguments: immutable built-ins; stable ones that depend on nothing but settings that travel with
// every statement (TimeZone, DateStyle, IntervalStyle, extra_float_digits, bytea_output); functions that write values as text, of types
// whose text depends on nothing else; to_char() and its like with a constant template that asks for nothing of a locale.
bool NodeShips(Node* node);

// Values of the type can be made on a node: it has the type (catalog/types_on_nodes.h), whose input runs no user code (catalog/user_code.h).
bool TypeShips(Oid type);

// In a query that is being planned this is what COLLATE has become.
bool ChangesCollation(const RelabelType* relabel);

// Herd's own aggregates that return the state of a built-in one; their schema exists on every node.
inline constexpr const char* kStateSchema = "herd_state";
bool IsStateAggregate(Oid function);

}  // namespace herd::planner
