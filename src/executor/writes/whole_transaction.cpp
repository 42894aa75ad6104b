#include "executor/writes/whole_transaction.h"

#include "postgres/client_messages.h"

extern "C" {
#include <access/transam.h>
#include <access/xact.h>
#include <mb/pg_wchar.h>
#include <miscadmin.h>
#include <tcop/pquery.h>
#include <utils/portal.h>
}

namespace herd::executor {

namespace {

bool IsFirstOfTransaction() {
    return !IsTransactionBlock() && !IsSubTransaction() && (MyXactFlags & XACT_FLAGS_PIPELINING) == 0;
}

// What functions, EXPLAIN or EXECUTE run has no portal, another statement than its portal's, or a portal with a name.
bool IsClientStatement(const EState* estate) {
    if (MyProcPort == nullptr || ActivePortal == nullptr || ActivePortal->name[0] != '\0') return false;
    return list_length(ActivePortal->stmts) == 1 && linitial(ActivePortal->stmts) == estate->es_plannedstmt;
}

bool IsWholePlan(const PlanState* node) {
    const PlannedStmt* statement = node->state->es_plannedstmt;
    return statement->planTree == node->plan && statement->subplans == NIL;
}

// Neither an expression nor a conversion can fail on the way to the client.
bool PassesRowsOn(const PlanState* node) {
    TupleDesc rows = node->ps_ResultTupleDesc;
    if (rows->natts == 0) return true;
    if (node->ps_ProjInfo != nullptr || pg_get_client_encoding() != GetDatabaseEncoding()) return false;
    for (int i = 0; i < rows->natts; i++)
        if (TupleDescAttr(rows, i)->atttypid >= FirstNormalObjectId) return false;
    return true;
}

// Portals of simple queries are not visible. Several statements in one simple query are a transaction block.
bool CommitsNext() { return !ActivePortal->visible || postgres::NextClientMessage() == 'S'; }

}  // namespace

bool IsWholeTransaction(const PlanState* node) {
    return IsFirstOfTransaction() && IsClientStatement(node->state) && IsWholePlan(node) && PassesRowsOn(node) &&
           CommitsNext();
}

}  // namespace herd::executor
