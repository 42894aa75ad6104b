// Functions in SQL that are one expression of what nodes have: that expression travels instead of the function.
#pragma once

#include "postgres/pg.h"

namespace herd::planner {

// A call with arguments of these types, as text with $1 … $n for them, in pg_catalog's names, that nodes evaluate with the same result. Null
// if there is none, or if PostgreSQL wouldn't replace the call by it either. Of arguments without a collation, or of the default one.
const char* InlinedCall(Oid function, const Oid* argument_types, int argument_count, Oid result_type, Oid collation);

}  // namespace herd::planner
