#include "planner/write_checks.h"

#include "plan/distributed_plan.h"
#include "planner/row_guards.h"

extern "C" {
#include <catalog/pg_type.h>
#include <access/table.h>
#include <nodes/makefuncs.h>
#include <parser/parsetree.h>
#include <utils/rel.h>
}

namespace herd::planner {

static bool IsCheckOfNewRow(WCOKind kind) {
    return kind == WCO_VIEW_CHECK || kind == WCO_RLS_INSERT_CHECK || kind == WCO_RLS_UPDATE_CHECK;
}

// The columns of the table that the statement writes, but dropped ones.
static List* TargetColumns(Query* query) {
    Oid relid = rt_fetch(query->resultRelation, query->rtable)->relid;
    Relation relation = table_open(relid, NoLock);
    TupleDesc desc = RelationGetDescr(relation);
    List* columns = NIL;
    for (int i = 0; i < desc->natts; i++) {
        Form_pg_attribute attribute = TupleDescAttr(desc, i);
        if (attribute->attisdropped) continue;
        columns = lappend(columns, makeVar(query->resultRelation, i + 1, attribute->atttypid, attribute->atttypmod,
                                           attribute->attcollation, 0));
    }
    table_close(relation, NoLock);
    return columns;
}

static void AddReturned(Query* query, Expr* expression) {
    int number = list_length(query->returningList) + 1;
    TargetEntry* entry = makeTargetEntry(expression, number, psprintf("herd_check_%d", number), false);
    query->returningList = lappend(query->returningList, entry);
}

static plan::RowCheck DescribeCheck(Query* query, const WithCheckOption* option) {
    plan::RowCheck check;
    check.is_view = option->kind == WCO_VIEW_CHECK;
    if (check.is_view) {
        check.target = rt_fetch(query->resultRelation, query->rtable)->relid;
        check.row_width = list_length(TargetColumns(query));
    }
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

static bool HasPolicyChecks(Query* query) {
    ListCell* cell;
    foreach (cell, query->withCheckOptions)
        if (((WithCheckOption*)lfirst(cell))->kind != WCO_VIEW_CHECK) return true;
    return false;
}

Result<CheckedWrite> ReturnChecks(Query* original) {
    Query* query = GuardNewRows(original);
    if (query->withCheckOptions == NIL) return CheckedWrite{query, NIL};
    if (query->onConflict != nullptr && HasPolicyChecks(query))
        return Reason{kFeatureNotSupported,
                      "ON CONFLICT is not supported on distributed tables whose policies can't be checked on the nodes",
                      "A condition has a subquery, or a value is volatile or assigned in parts.",
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
        checks = lappend(checks, plan::WriteRowCheck(DescribeCheck(query, option)));
        AddReturned(checked, ConditionOf(option));
    }
    if (plan::HiddenColumns(checks) > list_length(checks))
        foreach (cell, TargetColumns(query)) AddReturned(checked, (Expr*)lfirst(cell));
    return CheckedWrite{checked, checks};
}

}  // namespace herd::planner
