#include "planner/read_ahead.h"

#include "plan/distributed_plan.h"
#include "planner/lookup_values.h"
#include "planner/plan_builder.h"
#include "planner/plan_places.h"
#include "postgres/walk.h"

extern "C" {
#include <nodes/extensible.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <nodes/parsenodes.h>
#include <optimizer/optimizer.h>
}

namespace herd::planner {

// Has a lookup been planned since the last statement was finished?
static bool is_planned = false;

void NoteLookup() { is_planned = true; }

// ---- the node ----

// Above the source, whose columns (expressions that it computes) it passes on.
static CustomScan* MakeReadAhead(Plan* source, List* values, List* columns) {
    CustomScan* scan = makeNode(CustomScan);
    scan->methods = GetCustomScanMethods(kReadAheadName, false);
    Plan* plan = &scan->scan.plan;
    ListCell* cell;
    plan::ReadAhead ahead;
    foreach (cell, columns) {
        Node* column = (Node*)lfirst(cell);
        int number = foreach_current_index(cell) + 1;
        Var* var =
            makeVar(OUTER_VAR, (AttrNumber)number, exprType(column), exprTypmod(column), exprCollation(column), 0);
        scan->custom_scan_tlist =
            lappend(scan->custom_scan_tlist, makeTargetEntry((Expr*)var, (AttrNumber)number, nullptr, false));
    }
    foreach (cell, values) {
        const LookupValue* value = (const LookupValue*)lfirst(cell);
        scan->custom_exprs = lappend(scan->custom_exprs, ColumnsByNumber(value->expression, columns));
        ahead.feeds = lappend_int(ahead.feeds, value->feed);
    }
    scan->custom_private = plan::WriteReadAhead(ahead);
    plan->lefttree = source;
    StandFor(source, plan);
    return scan;
}

// ---- below a node ----

// The source's columns by the number that the node above has for them.
static List* ColumnsOf(const Plan* source) {
    List* columns = NIL;
    ListCell* cell;
    foreach (cell, source->targetlist) {
        Node* column = (Node*)lfirst_node(TargetEntry, cell)->expr;
        columns = lappend(columns, makeVar(OUTER_VAR, lfirst_node(TargetEntry, cell)->resno, exprType(column),
                                           exprTypmod(column), exprCollation(column), 0));
    }
    return columns;
}

static void PutBelow(PlannedStmt* statement, Plan* node, List* values) {
    Plan* source = node->lefttree;
    if (values == NIL || IsVolatile(source)) return;
    List* columns = ColumnsOf(source);
    FeedLookups(statement, values);
    CustomScan* scan = MakeReadAhead(source, values, columns);
    ListCell *cell, *column;
    forboth(cell, source->targetlist, column, columns) {
        TargetEntry* entry = flatCopyTargetEntry(lfirst_node(TargetEntry, cell));
        entry->expr = (Expr*)ColumnsByNumber((Node*)lfirst(column), columns);
        scan->scan.plan.targetlist = lappend(scan->scan.plan.targetlist, entry);
    }
    node->lefttree = (Plan*)scan;
}

// ---- above a node ----

static bool SubPlanWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    return IsA(node, SubPlan) || postgres::WalkExpression(node, SubPlanWalker, context);
}

// The conditions from the first one with a subquery on: none may overtake another.
static List* TakeConditions(Plan* node) {
    List* kept = NIL;
    List* taken = NIL;
    ListCell* cell;
    foreach (cell, node->qual) {
        if (taken == NIL && !SubPlanWalker((Node*)lfirst(cell), nullptr))
            kept = lappend(kept, lfirst(cell));
        else
            taken = lappend(taken, lfirst(cell));
    }
    node->qual = kept;
    return taken;
}

// What the node computes with subqueries is computed above it: of its rows, after they have been read ahead.
static void PutAbove(PlannedStmt* statement, Plan** place, List* values) {
    Plan* node = *place;
    if (values == NIL || HasVolatileSource(node)) return;
    List* targets = node->targetlist;
    List* conditions = TakeConditions(node);
    List* columns = ColumnsIn(conditions, ColumnsIn(targets, NIL));
    FeedLookups(statement, values);
    node->targetlist = NIL;
    ListCell* cell;
    foreach (cell, columns)
        node->targetlist =
            lappend(node->targetlist, makeTargetEntry((Expr*)copyObject(lfirst(cell)),
                                                      (AttrNumber)(foreach_current_index(cell) + 1), nullptr, false));
    CustomScan* scan = MakeReadAhead(node, values, columns);
    scan->scan.plan.targetlist = (List*)ColumnsByNumber((Node*)targets, columns);
    scan->scan.plan.qual = (List*)ColumnsByNumber((Node*)conditions, columns);
    scan->scan.plan.initPlan = node->initPlan;
    node->initPlan = NIL;
    *place = (Plan*)scan;
}

static bool MayPutAbove(const Plan* node) {
    switch (nodeTag(node)) {
        case T_SeqScan:
        case T_IndexScan:
        case T_IndexOnlyScan:
        case T_BitmapHeapScan:
        case T_SubqueryScan:
        case T_FunctionScan:
        case T_ValuesScan:
        case T_CteScan:
        case T_NestLoop:
        case T_HashJoin:
        case T_MergeJoin:
        case T_Agg:
        case T_WindowAgg:
            return true;
        case T_CustomScan:
            return strcmp(((const CustomScan*)node)->methods->CustomName, kGatherName) == 0;
        default:
            return false;
    }
}

// ---- the plan ----

static void ReadAheadIn(PlannedStmt* statement, Plan** place, bool may_be_marked) {
    Plan* node = *place;
    ListCell* cell;
    foreach (cell, PlacesBelow(node)) {
        Plan** below = (Plan**)lfirst(cell);
        ReadAheadIn(statement, below, IsA(node, MergeJoin) && below == &node->righttree);
    }
    if (IsA(node, NestLoop)) PutBelow(statement, node, ValuesOfNestLoop(statement, (const NestLoop*)node));
    if (IsA(node, Agg)) PutBelow(statement, node, ValuesOfAggregates(statement, node));
    if (IsA(node, Result) && node->lefttree != nullptr) PutBelow(statement, node, ValuesOfSubPlans(statement, node));
    // Whoever marks a row wants to come back to it.
    if (MayPutAbove(node) && !may_be_marked) PutAbove(statement, place, ValuesOfSubPlans(statement, node));
}

// Rows that are locked or changed are better not read ahead, and a scrolling cursor goes back.
static bool MayReadAhead(const PlannedStmt* statement, int cursor_options) {
    if (statement->commandType != CMD_SELECT && statement->commandType != CMD_INSERT) return false;
    return statement->rowMarks == NIL && !statement->hasModifyingCTE && (cursor_options & CURSOR_OPT_SCROLL) == 0;
}

void AddReadAhead(PlannedStmt* statement, int cursor_options) {
    if (!is_planned) return;
    is_planned = false;
    if (!MayReadAhead(statement, cursor_options)) return;
    // Subqueries come after those that they contain.
    ListCell* cell;
    foreach (cell, statement->subplans)
        if (lfirst(cell) != nullptr) ReadAheadIn(statement, (Plan**)&lfirst(cell), false);
    ReadAheadIn(statement, &statement->planTree, false);
}

}  // namespace herd::planner
