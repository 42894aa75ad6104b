#include "planner/modify/placed_writes.h"

#include "catalog/metadata.h"
#include "plan/distributed_plan.h"
#include "planner/plan_builder.h"

extern "C" {
#include <access/sysattr.h>
#include <access/table.h>
#include <commands/trigger.h>
#include <nodes/lockoptions.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <parser/parsetree.h>
#include <utils/fmgroids.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
#include <utils/relcache.h>
}

namespace herd::planner {

// ---- what can't be done ----

static bool AssignsColumn(List* targets, AttrNumber attno) {
    ListCell* cell;
    foreach (cell, targets)
        if (!((TargetEntry*)lfirst(cell))->resjunk && ((TargetEntry*)lfirst(cell))->resno == attno) return true;
    return false;
}

static bool SetsColumn(const Query* query, AttrNumber attno) {
    if (query->commandType == CMD_UPDATE) return AssignsColumn(query->targetList, attno);
    ListCell* cell;
    foreach (cell, query->mergeActionList) {
        const MergeAction* action = (const MergeAction*)lfirst(cell);
        if (action->commandType == CMD_UPDATE && AssignsColumn(action->targetList, attno)) return true;
    }
    return false;
}

// Foreign keys that refer to the table see a row that moves as one that is deleted.
static bool IsReferenced(Relation relation) {
    for (int i = 0; relation->trigdesc != nullptr && i < relation->trigdesc->numtriggers; i++)
        if (RI_FKey_trigger_type(relation->trigdesc->triggers[i].tgfoid) == RI_TRIGGER_PK) return true;
    return false;
}

static bool IsAlwaysIdentity(Relation relation, AttrNumber attno) {
    return TupleDescAttr(RelationGetDescr(relation), attno - 1)->attidentity == ATTRIBUTE_IDENTITY_ALWAYS;
}

static std::optional<Reason> UpdateObstacle(Query* query, const catalog::DistributedTable* table) {
    Relation relation = table_open(table->relid, NoLock);
    std::optional<Reason> obstacle;
    if (SetsColumn(query, table->key_attno) && IsReferenced(relation))
        obstacle =
            Reason{kFeatureNotSupported,
                   psprintf("column \"%s\" of table \"%s\" can't be updated",
                            get_attname(table->relid, table->key_attno, false), get_rel_name(table->relid)),
                   "It is the distribution column, and rows that foreign keys refer to can't move to another shard.",
                   "Delete the row and insert it with the new value, in one transaction."};
    for (int i = 1; i <= RelationGetDescr(relation)->natts; i++)
        if (SetsColumn(query, i) && IsAlwaysIdentity(relation, i))
            obstacle = Reason{kFeatureNotSupported, "identity columns can't be updated in such a statement",
                              "Its new values are computed here and sent to the shards.",
                              "Update the column in a statement of its own."};
    table_close(relation, NoLock);
    return obstacle;
}

static std::optional<Reason> TargetObstacle(Query* query) {
    const catalog::DistributedTable* table = catalog::GetTable(rt_fetch(query->resultRelation, query->rtable)->relid);
    if (table->is_reference())
        return Reason{kFeatureNotSupported, "a reference table can't be written together with other tables",
                      "Its copies on other nodes would be left behind.", "Use separate statements in one transaction."};
    if (query->onConflict != nullptr)
        return Reason{kFeatureNotSupported, "ON CONFLICT on a distributed table is not supported in WITH",
                      "Conflicts are found where the rows are.", "Use separate statements in one transaction."};
    return UpdateObstacle(query, table);
}

std::optional<Reason> PlacedWriteObstacle(Query* query, bool own_target) {
    std::optional<Reason> obstacle;
    if (own_target) obstacle = TargetObstacle(query);
    ListCell* cell;
    foreach (cell, query->cteList) {
        if (obstacle.has_value()) break;
        Query* nested = castNode(Query, ((CommonTableExpr*)lfirst(cell))->ctequery);
        bool writes =
            nested->resultRelation > 0 && catalog::IsShell(rt_fetch(nested->resultRelation, nested->rtable)->relid);
        obstacle = PlacedWriteObstacle(nested, writes);
    }
    return obstacle;
}

// ---- the plan ----

static List* SetColumns(const ModifyTable* node, Relation shell) {
    List* columns = node->updateColnosLists != NIL ? list_copy((List*)linitial(node->updateColnosLists)) : NIL;
    ListCell *actions, *cell;
    foreach (actions, node->mergeActionLists)
        foreach (cell, (List*)lfirst(actions))
            columns = list_concat_unique_int(columns, lfirst_node(MergeAction, cell)->updateColnos);
    List* kept = NIL;
    foreach (cell, columns)
        if (TupleDescAttr(RelationGetDescr(shell), lfirst_int(cell) - 1)->attgenerated == '\0')
            kept = lappend_int(kept, lfirst_int(cell));
    return kept;
}

// As PostgreSQL locks a row before it changes it.
static LockTupleMode LockModeOf(const ModifyTable* node, Relation shell, List* set_columns) {
    if (node->operation != CMD_UPDATE) return LockTupleExclusive;
    Bitmapset* keys = RelationGetIndexAttrBitmap(shell, INDEX_ATTR_BITMAP_KEY);
    AttrNumber distribution_column = catalog::GetTable(RelationGetRelid(shell))->key_attno;
    ListCell* cell;
    foreach (cell, set_columns) {
        int attno = lfirst_int(cell);
        if (attno == distribution_column || bms_is_member(attno - FirstLowInvalidHeapAttributeNumber, keys))
            return LockTupleExclusive;
    }
    return LockTupleNoKeyExclusive;
}

// INSERT has none.
static int PlaceColumn(const Plan* source) {
    ListCell* cell;
    foreach (cell, source->targetlist) {
        const TargetEntry* entry = (const TargetEntry*)lfirst(cell);
        if (entry->resjunk && entry->resname != nullptr && strcmp(entry->resname, "ctid") == 0) return entry->resno;
    }
    return 0;
}

static List* WriteTargetRows(const ModifyTable* node, Index relation, Oid relid) {
    Relation shell = table_open(relid, NoLock);
    plan::TargetRows rows;
    rows.relation = relation;
    rows.relid = relid;
    rows.set_columns = SetColumns(node, shell);
    rows.place_column = node->operation == CMD_INSERT ? 0 : PlaceColumn(outerPlan(node));
    rows.lock_mode = LockModeOf(node, shell, rows.set_columns);
    rows.needs_rows = node->operation != CMD_DELETE || node->returningLists != NIL;
    table_close(shell, NoLock);
    return plan::WriteTargetRows(rows);
}

// Passes the source's columns on under their names, by which ModifyTable finds those that it needs.
static Plan* MakeTargetRows(Plan* source, List* custom_private) {
    CustomScan* scan = makeNode(CustomScan);
    scan->methods = GetCustomScanMethods(kTargetRowsName, false);
    scan->custom_plans = list_make1(source);
    scan->custom_private = custom_private;
    Plan* plan = &scan->scan.plan;
    ListCell* cell;
    foreach (cell, source->targetlist) {
        TargetEntry* column = flatCopyTargetEntry((TargetEntry*)lfirst(cell));
        Node* expression = (Node*)column->expr;
        TargetEntry* passed = flatCopyTargetEntry(column);
        column->expr = (Expr*)makeNullConst(exprType(expression), exprTypmod(expression), exprCollation(expression));
        // A constant stays one: ModifyTable insists on it for dropped columns.
        if (!IsA(expression, Const))
            passed->expr = (Expr*)makeVar(INDEX_VAR, column->resno, exprType(expression), exprTypmod(expression),
                                          exprCollation(expression), 0);
        scan->custom_scan_tlist = lappend(scan->custom_scan_tlist, column);
        plan->targetlist = lappend(plan->targetlist, passed);
    }
    StandFor(source, plan);
    return plan;
}

static void PlaceWrite(PlannedStmt* statement, Plan* plan) {
    if (plan == nullptr || !IsA(plan, ModifyTable)) return;
    ModifyTable* node = (ModifyTable*)plan;
    Index relation = linitial_int(node->resultRelations);
    Oid relid = rt_fetch(relation, statement->rtable)->relid;
    if (!catalog::IsShell(relid)) return;
    outerPlan(node) = MakeTargetRows(outerPlan(node), WriteTargetRows(node, relation, relid));
    statement->parallelModeNeeded = false;
}

void PlacePlannedWrites(PlannedStmt* statement) {
    if (statement->resultRelations == NIL) return;
    PlaceWrite(statement, statement->planTree);
    ListCell* cell;
    foreach (cell, statement->subplans) PlaceWrite(statement, (Plan*)lfirst(cell));
}

}  // namespace herd::planner
