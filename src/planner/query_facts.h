// What a statement touches, found in one walk over the analyzed Query.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::planner {

// Does the query name any shell? The only cost that statements over plain tables pay.
bool HasShell(Query* query);

struct QueryFacts {
    const catalog::Group* group = nullptr;  // of the first hash-distributed table
    Oid anchor = InvalidOid;                // that table
    Oid reference_anchor = InvalidOid;      // the first reference table
    bool several_groups = false;
    bool has_local_relation = false;  // a table, matview or foreign table of this server alone
    bool has_row_security = false;    // security quals or check options on any relation
    bool has_modifying_cte = false;
    bool has_sample = false;           // TABLESAMPLE of a shell
    bool has_odd_sample = false;       // one that is not the same on shards as on the whole table
    bool has_system_column = false;    // of a shell, other than tableoid, where it does more than show
    bool shows_system_column = false;  // ctid, xmin, xmax are columns of a SELECT's own result and nothing else
    bool has_tableoid = false;         // of a shell
    bool has_row_marks = false;        // FOR UPDATE and the like at any level
};

// Raises kNotDistributed for a shell without distribution.
QueryFacts AnalyzeQuery(Query* query);

// Every relation RTE with permission bits anywhere in the query (views included), copied: what PostgreSQL's
// executor must check although the plan hides it.
List* PermissionEntries(Query* query);

}  // namespace herd::planner
