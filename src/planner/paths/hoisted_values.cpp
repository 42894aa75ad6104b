#include "planner/paths/hoisted_values.h"

#include "planner/subqueries/fragment_subqueries.h"
#include "planner/subqueries/hoisted_sublinks.h"
#include "postgres/walk.h"

extern "C" {
#include <lib/stringinfo.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <optimizer/pathnode.h>
#include <optimizer/paths.h>
#include <optimizer/planmain.h>
#include <optimizer/planner.h>
#include <optimizer/subselect.h>
#include <utils/fmgroids.h>
}

namespace herd::planner {

namespace {

struct Hoisted {
    PlannerInfo* root;  // whose initial plan it becomes
    PlannerInfo* subroot;
    List* params;  // Param*, one for each of its columns
    bool planned;
};

struct Hoister {
    PlannerInfo* root;
    List* hoisted;     // Hoisted*
    double most_rows;  // of which arrays are made
};

}  // namespace

// Every task gets all of them.
static const double kMostListedRows = 100000;

// The rows that an aggregate turns into arrays.
static double ListedRows(PlannerInfo* subroot) {
    if (!subroot->parse->hasAggs || bms_is_empty(subroot->all_baserels)) return 1;
    int only;
    if (bms_get_singleton_member(subroot->all_baserels, &only)) return find_base_rel(subroot, only)->rows;
    const RelOptInfo* joined = find_join_rel(subroot, subroot->all_baserels);
    return joined == nullptr ? 1 : joined->rows;
}

static List* MakeParams(Query* subquery, void* argument) {
    Hoister* hoister = (Hoister*)argument;
    Hoisted* hoisted = (Hoisted*)palloc0(sizeof(Hoisted));
    hoisted->root = hoister->root;
    ListCell* cell;
    foreach (cell, subquery->targetList) {
        const TargetEntry* entry = (const TargetEntry*)lfirst(cell);
        Node* column = (Node*)entry->expr;
        if (entry->resjunk) continue;
        hoisted->params = lappend(
            hoisted->params,
            SS_make_initplan_output_param(hoister->root, exprType(column), exprTypmod(column), exprCollation(column)));
    }
    const Aggref* first = (const Aggref*)((TargetEntry*)linitial(subquery->targetList))->expr;
    bool makes_arrays = IsA(first, Aggref) && first->aggfnoid == F_ARRAY_AGG_ANYNONARRAY;
    hoisted->subroot = subquery_planner(hoister->root->glob, subquery, hoister->root, false, 0);
    if (makes_arrays) hoister->most_rows = Max(hoister->most_rows, ListedRows(hoisted->subroot));
    hoister->hoisted = lappend(hoister->hoisted, hoisted);
    return hoisted->params;
}

bool HoistValues(PlannerInfo* root, RangeTblEntry* rte) {
    if (!HasHoisted(rte->subquery)) return true;
    Hoister hoister = {root, NIL, 0};
    Query* replaced = ReplaceHoisted(rte->subquery, MakeParams, &hoister);
    if (hoister.most_rows > kMostListedRows) {
        RemoveMark(rte->subquery);
        return false;
    }
    rte->subquery = replaced;
    CurrentSubqueries()->hoisted = list_concat(CurrentSubqueries()->hoisted, hoister.hoisted);
    return true;
}

// ---- plans ----

static bool Yields(const Hoisted* hoisted, int param) {
    ListCell* cell;
    foreach (cell, hoisted->params)
        if (((Param*)lfirst(cell))->paramid == param) return true;
    return false;
}

// PostgreSQL's own have one value; EXPLAIN shows the others in the same way.
static void MakePlan(Hoisted* hoisted) {
    RelOptInfo* final_rel = fetch_upper_rel(hoisted->subroot, UPPERREL_FINAL, nullptr);
    Plan* plan = create_plan(hoisted->subroot, get_cheapest_fractional_path(final_rel, 0));
    SS_make_initplan_from_plan(hoisted->root, hoisted->subroot, plan, (Param*)linitial(hoisted->params));
    hoisted->planned = true;
    SubPlan* initial = (SubPlan*)llast(hoisted->root->init_plans);
    initial->setParam = NIL;
    StringInfoData returned;
    initStringInfo(&returned);
    ListCell* cell;
    foreach (cell, hoisted->params) {
        int param = ((Param*)lfirst(cell))->paramid;
        initial->setParam = lappend_int(initial->setParam, param);
        appendStringInfo(&returned, "%s$%d", returned.len > 0 ? "," : "", param);
    }
    initial->plan_name = psprintf("InitPlan %d (returns %s)", initial->plan_id, returned.data);
}

static bool ParamWalker(Node* node, void* argument) {
    PlannerInfo* root = (PlannerInfo*)argument;
    if (node == nullptr) return false;
    if (!IsA(node, Param)) return postgres::WalkExpression(node, ParamWalker, argument);
    const Param* param = (const Param*)node;
    ListCell* cell;
    foreach (cell, CurrentSubqueries()->hoisted) {
        Hoisted* hoisted = (Hoisted*)lfirst(cell);
        if (param->paramkind == PARAM_EXEC && hoisted->root == root && !hoisted->planned &&
            Yields(hoisted, param->paramid))
            MakePlan(hoisted);
    }
    return false;
}

void PlanHoistedValues(PlannerInfo* root, List* expressions) {
    if (CurrentSubqueries() != nullptr && CurrentSubqueries()->hoisted != NIL) ParamWalker((Node*)expressions, root);
}

}  // namespace herd::planner
