#include "executor/row_checks.h"

#include "plan/distributed_plan.h"

namespace herd::executor {

[[noreturn]] static void RaiseViolation(const plan::RowCheck& check) {
    if (check.is_view)
        ereport(ERROR, (errcode(ERRCODE_WITH_CHECK_OPTION_VIOLATION),
                        errmsg("new row violates check option for view \"%s\"", check.relation)));
    if (check.policy != nullptr)
        ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                        errmsg("new row violates row-level security policy \"%s\" for table \"%s\"", check.policy,
                               check.relation)));
    ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                    errmsg("new row violates row-level security policy for table \"%s\"", check.relation)));
    pg_unreachable();
}

void CheckNewRow(List* checks, TupleTableSlot* row) {
    int column = row->tts_tupleDescriptor->natts - list_length(checks);
    ListCell* cell;
    foreach (cell, checks) {
        bool holds = !row->tts_isnull[column] && DatumGetBool(row->tts_values[column]);
        if (!holds) RaiseViolation(plan::ReadRowCheck((List*)lfirst(cell)));
        column++;
    }
}

}  // namespace herd::executor
