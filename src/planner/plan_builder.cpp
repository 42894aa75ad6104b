#include "planner/plan_builder.h"

#include "planner/query_facts.h"
#include "planner/user_aggregates.h"
#include "postgres/walk.h"

extern "C" {
#include <catalog/pg_class.h>
#include <executor/executor.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <nodes/pathnodes.h>
#include <optimizer/optimizer.h>
#include <optimizer/planmain.h>
#include <optimizer/planner.h>
#include <parser/parsetree.h>
}

namespace herd::planner {

List* OutputColumns(Query* query) {
    List* source = query->commandType == CMD_SELECT ? query->targetList : query->returningList;
    List* output = NIL;
    ListCell* cell;
    foreach (cell, source) {
        TargetEntry* entry = (TargetEntry*)lfirst(cell);
        if (entry->resjunk) continue;
        Node* expression = (Node*)entry->expr;
        Const* placeholder = makeNullConst(exprType(expression), exprTypmod(expression), exprCollation(expression));
        TargetEntry* column = makeTargetEntry((Expr*)placeholder, list_length(output) + 1, entry->resname, false);
        column->resorigtbl = entry->resorigtbl;
        column->resorigcol = entry->resorigcol;
        output = lappend(output, column);
    }
    return output;
}

CustomScan* MakeOutputScan(const char* name, List* output, int hidden, List* custom_private, List* custom_exprs) {
    CustomScan* scan = makeNode(CustomScan);
    scan->methods = GetCustomScanMethods(name, false);
    scan->custom_scan_tlist = output;
    scan->custom_private = custom_private;
    scan->custom_exprs = custom_exprs;
    List* targets = NIL;
    ListCell* cell;
    foreach (cell, output) {
        if (list_length(targets) >= list_length(output) - hidden) break;
        TargetEntry* column = (TargetEntry*)lfirst(cell);
        Const* type = (Const*)column->expr;
        Var* var = makeVar(INDEX_VAR, column->resno, type->consttype, type->consttypmod, type->constcollid, 0);
        TargetEntry* target = makeTargetEntry((Expr*)var, column->resno, column->resname, false);
        target->resorigtbl = column->resorigtbl;
        target->resorigcol = column->resorigcol;
        targets = lappend(targets, target);
    }
    scan->scan.plan.targetlist = targets;
    scan->scan.plan.plan_rows = 1;
    scan->scan.plan.plan_width = 32;
    // A small constant: generic and custom plans cost the same, so the plan cache settles on the generic one.
    scan->scan.plan.startup_cost = 0;
    scan->scan.plan.total_cost = 1;
    return scan;
}

extern "C" {

static bool FindRowMark(Node* node, void* found) {
    if (node == nullptr) return false;
    if (!IsA(node, Query)) return postgres::WalkExpression(node, FindRowMark, found);
    Query* query = (Query*)node;
    if (query->rowMarks == NIL) return postgres::WalkQuery(query, FindRowMark, found, 0);
    *static_cast<RowMarkClause**>(found) = (RowMarkClause*)linitial(query->rowMarks);
    return true;
}
}

// By its row marks PostgreSQL tells that a SELECT locks rows: it must not run in a read-only transaction or a stable function. The
// shards lock; the executor does nothing for a mark that says it is a parent's.
static List* RowMarks(Query* query) {
    RowMarkClause* clause = nullptr;
    if (!FindRowMark((Node*)query, &clause)) return NIL;
    PlanRowMark* mark = makeNode(PlanRowMark);
    mark->rti = mark->prti = clause->rti;
    mark->markType = ROW_MARK_REFERENCE;
    mark->strength = clause->strength;
    mark->waitPolicy = clause->waitPolicy;
    mark->isParent = true;
    return list_make1(mark);
}

void StandFor(const Plan* source, Plan* plan) {
    plan->startup_cost = source->startup_cost;
    plan->total_cost = source->total_cost;
    plan->plan_rows = source->plan_rows;
    plan->plan_width = source->plan_width;
    plan->extParam = bms_copy(source->extParam);
    plan->allParam = bms_copy(source->allParam);
    plan->plan_node_id = source->plan_node_id;
}

PlannedStmt* MakePlannedStatement(Query* query, Plan* tree, int cursor_options) {
    if ((cursor_options & CURSOR_OPT_SCROLL) && !ExecSupportsBackwardScan(tree)) tree = materialize_finished_plan(tree);
    PlannedStmt* statement = makeNode(PlannedStmt);
    statement->commandType = query->commandType;
    statement->queryId = query->queryId;
    statement->hasReturning = query->returningList != NIL;
    statement->hasModifyingCTE = query->hasModifyingCTE;
    statement->canSetTag = query->canSetTag;
    statement->planTree = tree;
    statement->rtable = PermissionEntries(query);
    statement->rowMarks = RowMarks(query);
    bool has_row_security = false;
    extract_query_dependencies((Node*)query, &statement->relationOids, &statement->invalItems, &has_row_security);
    statement->invalItems = list_concat(statement->invalItems, UserAggregateItems((Node*)query));
    statement->dependsOnRole = has_row_security;
    statement->stmt_location = query->stmt_location;
    statement->stmt_len = query->stmt_len;
    return statement;
}

}  // namespace herd::planner
