#include "executor/writes/row_checks.h"

#include "plan/distributed_plan.h"

extern "C" {
#include <mb/pg_wchar.h>
#include <miscadmin.h>
#include <utils/acl.h>
#include <utils/lsyscache.h>
#include <utils/rls.h>
}

namespace herd::executor {

static const int kShownBytes = 64;

static void AppendValue(StringInfo text, Oid type, Datum value) {
    Oid output;
    bool is_varlena;
    getTypeOutputInfo(type, &output, &is_varlena);
    char* shown = OidOutputFunctionCall(output, value);
    int length = (int)strlen(shown);
    if (length <= kShownBytes) {
        appendStringInfoString(text, shown);
        return;
    }
    appendBinaryStringInfo(text, shown, pg_mbcliplen(shown, length, kShownBytes));
    appendStringInfoString(text, "...");
}

// The new row as PostgreSQL shows it, null where the user may not see it.
static char* DescribeRow(const plan::RowCheck& check, TupleTableSlot* row) {
    if (pg_class_aclcheck(check.target, GetUserId(), ACL_SELECT) != ACLCHECK_OK) return nullptr;
    if (check_enable_rls(check.target, InvalidOid, true) == RLS_ENABLED) return nullptr;
    StringInfoData text;
    initStringInfo(&text);
    int first = row->tts_tupleDescriptor->natts - check.row_width;
    for (int i = first; i < row->tts_tupleDescriptor->natts; i++) {
        if (i > first) appendStringInfoString(&text, ", ");
        if (row->tts_isnull[i])
            appendStringInfoString(&text, "null");
        else
            AppendValue(&text, TupleDescAttr(row->tts_tupleDescriptor, i)->atttypid, row->tts_values[i]);
    }
    return text.data;
}

[[noreturn]] static void RaiseViolation(const plan::RowCheck& check, TupleTableSlot* row) {
    if (check.is_view) {
        char* shown = DescribeRow(check, row);
        ereport(ERROR, (errcode(ERRCODE_WITH_CHECK_OPTION_VIOLATION),
                        errmsg("new row violates check option for view \"%s\"", check.relation),
                        shown ? errdetail("Failing row contains (%s).", shown) : 0));
    }
    if (check.policy != nullptr)
        ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                        errmsg("new row violates row-level security policy \"%s\" for table \"%s\"", check.policy,
                               check.relation)));
    ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                    errmsg("new row violates row-level security policy for table \"%s\"", check.relation)));
    pg_unreachable();
}

void CheckNewRow(List* checks, TupleTableSlot* row) {
    int column = row->tts_tupleDescriptor->natts - plan::HiddenColumns(checks);
    ListCell* cell;
    foreach (cell, checks) {
        bool holds = !row->tts_isnull[column] && DatumGetBool(row->tts_values[column]);
        if (!holds) RaiseViolation(plan::ReadRowCheck((List*)lfirst(cell)), row);
        column++;
    }
}

}  // namespace herd::executor
