// Changes a Query so that PostgreSQL's own deparser prints it faithfully. The deparser was written for stored rules; a Query
// that went through the rewriter has forms that it drops, repeats or prints in the wrong order.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::deparse {

// In place, at every level. The Query is then only good for pg_get_querydef.
// Raises feature_not_supported for what has no SQL form.
void MakeDeparsable(Query* query);

// The target lists of INSERT, UPDATE, ON CONFLICT DO UPDATE and MERGE of one Query level (assignments.cpp).
void FixAssignments(Query* query);
// How many entries take their value from (b, a) = (SELECT …).
int CountMultiassign(const Query* query);

// Could a condition somewhere in the statement reveal rows that security quals hide? Found out when first needed, which must
// be before any level is changed.
struct Leakiness {
    Query* statement;
    std::optional<bool> leaky;
};

// Row-level security quals of one Query level become subqueries around their relations (security_quals.cpp).
void WrapSecurityQuals(Query* query, Leakiness* leakiness);

}  // namespace herd::deparse
