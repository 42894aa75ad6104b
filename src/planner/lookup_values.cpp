#include "planner/lookup_values.h"

#include "plan/distributed_plan.h"
#include "planner/plan_builder.h"
#include "planner/plan_places.h"
#include "postgres/walk.h"

extern "C" {
#include <catalog/pg_type.h>
#include <miscadmin.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <utils/lsyscache.h>
}

namespace herd::planner {

namespace {

// What sets the parameters that lookups depend on.
struct Setter {
    PlannedStmt* statement;
    List* numbers;      // IntList
    List* expressions;  // for each of them
    List* values;       // LookupValue*, found so far
};

// Collects nodes of an expression.
struct Finding {
    bool in_calls;  // those within aggregates and window functions, else the others
    bool within;
    List* subplans;
};

}  // namespace

// ---- lookups below ----

static bool OtherParamWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    if (IsA(node, Param) && ((Param*)node)->paramkind == PARAM_EXEC)
        return !list_member_int(((const Setter*)context)->numbers, ((Param*)node)->paramid);
    return postgres::WalkExpression(node, OtherParamWalker, context);
}

static Node* SetParamMutator(Node* node, void* context) {
    if (node == nullptr) return nullptr;
    const Setter* setter = (const Setter*)context;
    ListCell *number, *expression;
    if (IsA(node, Param) && ((Param*)node)->paramkind == PARAM_EXEC)
        forboth(number, setter->numbers, expression, setter->expressions) {
            if (lfirst_int(number) == ((Param*)node)->paramid) return (Node*)copyObject(lfirst(expression));
        }
    return postgres::MutateExpression(node, SetParamMutator, context);
}

// Computed of a row that may never ask, it must not fail.
static bool MayFailWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    switch (nodeTag(node)) {
        case T_Var:
        case T_Const:
        case T_Param:
            return false;
        case T_RelabelType:
            break;
        case T_FuncExpr:
            if (!get_func_leakproof(((const FuncExpr*)node)->funcid)) return true;
            break;
        default:
            return true;
    }
    return postgres::WalkExpression(node, MayFailWalker, context);
}

static void AddLookup(Setter* setter, CustomScan* scan) {
    plan::DistributedScan distributed = plan::ReadScan(scan->custom_private);
    if (distributed.lookup.keys.sql.text == nullptr || distributed.lookup.keys.feed >= 0) return;
    Node* value = (Node*)llast(scan->custom_exprs);
    if (OtherParamWalker(value, setter)) return;
    Node* expression = SetParamMutator(value, setter);
    if (equal(expression, value) || MayFailWalker(expression, nullptr)) return;
    LookupValue* found = (LookupValue*)palloc(sizeof(LookupValue));
    *found = {scan, expression, -1};
    setter->values = lappend(setter->values, found);
}

static bool FindWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    Finding* finding = (Finding*)context;
    if (IsA(node, SubPlan) && finding->within == finding->in_calls)
        finding->subplans = lappend(finding->subplans, node);
    bool is_call = IsA(node, Aggref) || IsA(node, WindowFunc) || IsA(node, GroupingFunc);
    if (!is_call || finding->within) return postgres::WalkExpression(node, FindWalker, context);
    finding->within = true;
    bool found = postgres::WalkExpression(node, FindWalker, context);
    finding->within = false;
    return found;
}

static List* SubPlansOf(const Plan* node, bool in_calls) {
    Finding finding = {in_calls, false, NIL};
    FindWalker((Node*)node->targetlist, &finding);
    FindWalker((Node*)node->qual, &finding);
    return finding.subplans;
}

static Plan* PlanOf(const PlannedStmt* statement, const SubPlan* subplan) {
    return (Plan*)list_nth(statement->subplans, subplan->plan_id - 1);
}

static void FindLookups(Setter* setter, Plan* node) {
    check_stack_depth();
    if (IsA(node, CustomScan) && strcmp(((CustomScan*)node)->methods->CustomName, kGatherName) == 0)
        AddLookup(setter, (CustomScan*)node);
    ListCell* cell;
    foreach (cell, PlacesBelow(node)) FindLookups(setter, *(Plan**)lfirst(cell));
    List* subplans = list_concat_copy(node->initPlan, SubPlansOf(node, false));
    foreach (cell, list_concat(subplans, SubPlansOf(node, true)))
        FindLookups(setter, PlanOf(setter->statement, (const SubPlan*)lfirst(cell)));
}

List* ValuesOfNestLoop(PlannedStmt* statement, const NestLoop* loop) {
    Setter setter = {statement, NIL, NIL, NIL};
    ListCell* cell;
    foreach (cell, loop->nestParams) {
        setter.numbers = lappend_int(setter.numbers, ((const NestLoopParam*)lfirst(cell))->paramno);
        setter.expressions = lappend(setter.expressions, ((const NestLoopParam*)lfirst(cell))->paramval);
    }
    if (setter.numbers != NIL) FindLookups(&setter, loop->join.plan.righttree);
    return setter.values;
}

static bool HasLookup(const List* values, const CustomScan* scan) {
    ListCell* cell;
    foreach (cell, values)
        if (((const LookupValue*)lfirst(cell))->scan == scan) return true;
    return false;
}

static List* ValuesIn(PlannedStmt* statement, List* subplans) {
    List* values = NIL;
    ListCell *cell, *value;
    foreach (cell, subplans) {
        const SubPlan* subplan = (const SubPlan*)lfirst(cell);
        Setter setter = {statement, subplan->parParam, subplan->args, NIL};
        if (subplan->parParam != NIL) FindLookups(&setter, PlanOf(statement, subplan));
        foreach (value, setter.values)
            if (!HasLookup(values, ((const LookupValue*)lfirst(value))->scan)) values = lappend(values, lfirst(value));
    }
    return values;
}

List* ValuesOfSubPlans(PlannedStmt* statement, const Plan* node) {
    return ValuesIn(statement, SubPlansOf(node, false));
}

List* ValuesOfAggregates(PlannedStmt* statement, const Plan* node) {
    return ValuesIn(statement, SubPlansOf(node, true));
}

void FeedLookups(PlannedStmt* statement, List* values) {
    ListCell* cell;
    foreach (cell, values) {
        LookupValue* value = (LookupValue*)lfirst(cell);
        value->feed = list_length(statement->paramExecTypes);
        statement->paramExecTypes = lappend_oid(statement->paramExecTypes, INTERNALOID);
        plan::DistributedScan scan = plan::ReadScan(value->scan->custom_private);
        scan.lookup.keys.feed = value->feed;
        value->scan->custom_private = plan::WriteScan(scan);
    }
}

// ---- columns ----

static bool IsColumn(const Node* node) {
    return IsA(node, Var) || IsA(node, Aggref) || IsA(node, WindowFunc) || IsA(node, GroupingFunc);
}

static bool ColumnWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    if (!IsColumn(node)) return postgres::WalkExpression(node, ColumnWalker, context);
    List** columns = (List**)context;
    *columns = list_append_unique(*columns, node);
    return false;
}

List* ColumnsIn(List* expressions, List* columns) {
    ColumnWalker((Node*)expressions, &columns);
    return columns;
}

static Node* NumberMutator(Node* node, void* context) {
    if (node == nullptr) return nullptr;
    if (!IsColumn(node)) return postgres::MutateExpression(node, NumberMutator, context);
    ListCell* cell;
    foreach (cell, (List*)context)
        if (equal(lfirst(cell), node))
            return (Node*)makeVar(INDEX_VAR, (AttrNumber)(foreach_current_index(cell) + 1), exprType(node),
                                  exprTypmod(node), exprCollation(node), 0);
    elog(ERROR, "a column that is read ahead is not among those below");
}

Node* ColumnsByNumber(Node* expression, List* columns) { return NumberMutator(expression, columns); }

// ---- what must not be read ahead ----

bool IsVolatile(Plan* node) {
    check_stack_depth();
    return contain_volatile_functions((Node*)node->targetlist) || HasVolatileSource(node);
}

bool HasVolatileSource(Plan* node) {
    if (contain_volatile_functions((Node*)node->qual)) return true;
    ListCell* cell;
    foreach (cell, PlacesBelow(node))
        if (IsVolatile(*(Plan**)lfirst(cell))) return true;
    return false;
}

}  // namespace herd::planner
