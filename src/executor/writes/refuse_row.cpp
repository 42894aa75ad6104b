// herd.refuse_row(): what planner/row_guards puts where a policy or view refuses the row.
#include "postgres/compat.h"
#include "postgres/entry.h"

extern "C" {
#include <nodes/parsenodes.h>
#include <utils/builtins.h>
}

using namespace herd;

HERD_FUNCTION(herd_refuse_row) {
    const char* relation = PG_ARGISNULL(1) ? "" : text_to_cstring(PG_GETARG_TEXT_PP(1));
    int kind = PG_ARGISNULL(3) ? WCO_RLS_INSERT_CHECK : PG_GETARG_INT32(3);
    if (kind == postgres::kViewConflictCheck)
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("conflicting row is not visible through view \"%s\"", relation)));
    const char* existing = kind == WCO_RLS_CONFLICT_CHECK ? " (USING expression)" : "";
    if (PG_ARGISNULL(2))
        ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                        errmsg("new row violates row-level security policy%s for table \"%s\"", existing, relation)));
    ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                    errmsg("new row violates row-level security policy \"%s\"%s for table \"%s\"",
                           text_to_cstring(PG_GETARG_TEXT_PP(2)), existing, relation)));
}
