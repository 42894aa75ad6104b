#include "planner/write_checks.h"

#include "plan/distributed_plan.h"

extern "C" {
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
}

namespace herd::planner {

static bool IsCheckOfNewRow(WCOKind kind) {
    return kind == WCO_VIEW_CHECK || kind == WCO_RLS_INSERT_CHECK || kind == WCO_RLS_UPDATE_CHECK;
}

static plan::RowCheck DescribeCheck(const WithCheckOption* option) {
    plan::RowCheck check;
    check.is_view = option->kind == WCO_VIEW_CHECK;
    check.relation = option->relname;
    check.policy = option->polname;
    return check;
}

// A condition may come as a list of conditions that must all hold.
static Expr* ConditionOf(const WithCheckOption* option) {
    Node* qual = (Node*)copyObject(option->qual);
    if (qual == nullptr) return (Expr*)makeBoolConst(true, false);
    return IsA(qual, List) ? make_ands_explicit((List*)qual) : (Expr*)qual;
}

Result<CheckedWrite> ReturnChecks(Query* query) {
    if (query->withCheckOptions == NIL) return CheckedWrite{query, NIL};
    if (query->onConflict != nullptr)
        return Reason{kFeatureNotSupported,
                      "ON CONFLICT is not supported on distributed tables where policies or views check new rows",
                      "The conditions for the existing row are checked on the coordinator, which doesn't see it.",
                      "Use separate INSERT and UPDATE statements."};
    Query* checked = (Query*)copyObject(query);
    checked->withCheckOptions = NIL;
    List* checks = NIL;
    ListCell* cell;
    foreach (cell, query->withCheckOptions) {
        WithCheckOption* option = (WithCheckOption*)lfirst(cell);
        if (!IsCheckOfNewRow(option->kind))
            return Reason{kFeatureNotSupported, "this kind of policy check is not supported on distributed tables",
                          "It concerns an existing row, which only its node sees.", nullptr};
        checks = lappend(checks, plan::WriteRowCheck(DescribeCheck(option)));
        int number = list_length(checked->returningList) + 1;
        TargetEntry* entry = makeTargetEntry(ConditionOf(option), number, psprintf("herd_check_%d", number), false);
        checked->returningList = lappend(checked->returningList, entry);
    }
    return CheckedWrite{checked, checks};
}

}  // namespace herd::planner
