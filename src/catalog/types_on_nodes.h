// Which of the users' types the nodes have.
//
// They get a type with the first distributed table that has a column of it, or of a type that is made of it. As long as there is one, changes
// of the type are carried to the nodes or refused; after the last one, what a node has may be what the type once was.
#pragma once

#include "postgres/pg.h"

namespace herd::catalog {

// Built-in types too. Types of extensions are treated like users'.
bool NodesHaveType(Oid type);

}  // namespace herd::catalog
