#include "planner/placed_scans.h"

#include "catalog/metadata.h"
#include "planner/plan_builder.h"
#include "postgres/entry.h"

extern "C" {
#include <access/sysattr.h>
#include <access/transam.h>
#include <catalog/namespace.h>
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <optimizer/optimizer.h>
#include <optimizer/pathnode.h>
#include <optimizer/restrictinfo.h>
#include <utils/lsyscache.h>
}

namespace herd::planner {

static bool IsOfShard(Oid relid) {
    char* schema = get_namespace_name(get_rel_namespace(relid));
    ShardId shard;
    int schema_number;
    return schema != nullptr && catalog::ParseShardSchemaName(schema, &shard, &schema_number);
}

static bool IsPlaceCondition(const Node* clause) {
    const FuncExpr* call = (const FuncExpr*)clause;
    if (!IsA(call, FuncExpr) || call->funcid < FirstNormalObjectId || list_length(call->args) != 2) return false;
    const Var* column = (const Var*)linitial(call->args);
    if (!IsA(column, Var) || column->varattno != SelfItemPointerAttributeNumber) return false;
    return strcmp(get_func_name(call->funcid), "is_at") == 0 &&
           get_func_namespace(call->funcid) == get_namespace_oid("herd", true);
}

static const RestrictInfo* PlaceCondition(const RelOptInfo* rel) {
    ListCell* cell;
    foreach (cell, rel->baserestrictinfo) {
        const RestrictInfo* condition = (const RestrictInfo*)lfirst(cell);
        if (IsPlaceCondition((const Node*)condition->clause)) return condition;
    }
    return nullptr;
}

static Plan* PlanScan(RelOptInfo* rel, List* tlist, List* clauses) {
    const RestrictInfo* condition = PlaceCondition(rel);
    CustomScan* scan = makeNode(CustomScan);
    scan->methods = GetCustomScanMethods(kPlacedScanName, false);
    scan->scan.scanrelid = rel->relid;
    scan->scan.plan.targetlist = tlist;
    ListCell* cell;
    foreach (cell, clauses) {
        RestrictInfo* other = (RestrictInfo*)lfirst(cell);
        if (other != condition && !other->pseudoconstant)
            scan->scan.plan.qual = lappend(scan->scan.plan.qual, other->clause);
    }
    scan->custom_exprs = list_make1(copyObject(lsecond(((FuncExpr*)condition->clause)->args)));
    return (Plan*)scan;
}

extern "C" {

static Plan* HerdPlanPlacedScan(PlannerInfo*, RelOptInfo* rel, CustomPath*, List* tlist, List* clauses, List*) {
    return postgres::Enter([&]() { return PlanScan(rel, tlist, clauses); });
}

}  // extern "C"

static const CustomPathMethods kPlacedPathMethods = {"HerdPlacedScan", HerdPlanPlacedScan, nullptr};

void ScanByPlace(PlannerInfo* root, RelOptInfo* rel, const RangeTblEntry* rte) {
    if (rte->rtekind != RTE_RELATION || PlaceCondition(rel) == nullptr || !IsOfShard(rte->relid)) return;
    CustomPath* path = makeNode(CustomPath);
    path->path.pathtype = T_CustomScan;
    path->path.parent = rel;
    path->path.pathtarget = rel->reltarget;
    path->path.param_info = get_baserel_parampathinfo(root, rel, rel->lateral_relids);
    path->path.rows = 1;
    path->path.total_cost = random_page_cost + cpu_tuple_cost;
    path->methods = &kPlacedPathMethods;
    rel->pathlist = list_make1(path);
    rel->partial_pathlist = NIL;
}

}  // namespace herd::planner
