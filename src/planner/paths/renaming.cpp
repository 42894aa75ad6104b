#include "planner/paths/renaming.h"

#include "postgres/entry.h"

extern "C" {
#include <nodes/extensible.h>
#include <nodes/makefuncs.h>
}

namespace herd::planner {

// Has such a node been planned since they were last removed?
static bool is_planned = false;

extern "C" {

static Node* HerdCreateRenamingState(CustomScan*) {
    elog(ERROR, "a node that only renames columns was left in a plan");
    return nullptr;
}

static Plan* HerdPlanRenaming(PlannerInfo*, RelOptInfo*, CustomPath* path, List* tlist, List*, List* custom_plans) {
    static const CustomScanMethods methods = {"HerdRenaming", HerdCreateRenamingState};
    is_planned = true;
    CustomScan* node = makeNode(CustomScan);
    node->methods = &methods;
    node->flags = path->flags;
    node->scan.plan.targetlist = tlist;
    node->custom_scan_tlist = (List*)copyObject(tlist);
    node->custom_plans = custom_plans;
    return (Plan*)node;
}

}  // extern "C"

static const CustomPathMethods kRenamingMethods = {"HerdRenaming", HerdPlanRenaming, nullptr};

Path* RenameColumns(RelOptInfo* rel, Path* path, PathTarget* target) {
    CustomPath* renaming = makeNode(CustomPath);
    renaming->path = *path;
    renaming->path.type = T_CustomPath;
    renaming->path.pathtype = T_CustomScan;
    renaming->path.parent = rel;
    renaming->path.pathtarget = target;
    renaming->custom_paths = list_make1(path);
    renaming->methods = &kRenamingMethods;
    return (Path*)renaming;
}

// ---- afterwards ----

static bool IsRenaming(const Plan* plan) {
    return IsA(plan, CustomScan) &&
           strcmp(((const CustomScan*)plan)->methods->CustomName, kRenamingMethods.CustomName) == 0;
}

// The plan below in its place, with the names that the columns have above.
static Plan* WithoutRenaming(Plan* renaming) {
    Plan* plan = (Plan*)linitial(((CustomScan*)renaming)->custom_plans);
    ListCell *above, *below;
    forboth(above, renaming->targetlist, below, plan->targetlist) {
        const TargetEntry* named = lfirst_node(TargetEntry, above);
        TargetEntry* entry = lfirst_node(TargetEntry, below);
        entry->resname = named->resname;
        entry->ressortgroupref = named->ressortgroupref;
        entry->resorigtbl = named->resorigtbl;
        entry->resorigcol = named->resorigcol;
        entry->resjunk = named->resjunk;
    }
    plan->initPlan = list_concat(renaming->initPlan, plan->initPlan);
    return plan;
}

static void RemoveIn(Plan** place);

static void RemoveInAll(List* plans) {
    ListCell* cell;
    foreach (cell, plans) RemoveIn((Plan**)&lfirst(cell));
}

static void RemoveIn(Plan** place) {
    if (*place == nullptr) return;
    while (IsRenaming(*place)) *place = WithoutRenaming(*place);
    Plan* plan = *place;
    RemoveIn(&plan->lefttree);
    RemoveIn(&plan->righttree);
    switch (nodeTag(plan)) {
        case T_Append:
            return RemoveInAll(((Append*)plan)->appendplans);
        case T_MergeAppend:
            return RemoveInAll(((MergeAppend*)plan)->mergeplans);
        case T_SubqueryScan:
            return RemoveIn(&((SubqueryScan*)plan)->subplan);
        case T_CustomScan:
            return RemoveInAll(((CustomScan*)plan)->custom_plans);
        default:
            return;
    }
}

void RemoveRenaming(PlannedStmt* statement) {
    if (!is_planned) return;
    is_planned = false;
    RemoveIn(&statement->planTree);
    RemoveInAll(statement->subplans);
}

}  // namespace herd::planner
