#include "planner/modify/insert.h"

#include "catalog/metadata.h"
#include "deparse/query_sql.h"
#include "plan/distributed_plan.h"
#include "planner/plan_builder.h"
#include "planner/shipping.h"
#include "planner/write_checks.h"
#include "postgres/walk.h"

extern "C" {
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <optimizer/planmain.h>
#include <parser/parsetree.h>
#include <utils/lsyscache.h>
}

namespace herd::planner {

static const char kPlaceOfRows[] = " DEFAULT VALUES";

static bool HasSubLinkWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    if (IsA(node, SubLink)) return true;
    return postgres::WalkExpression(node, HasSubLinkWalker, context);
}

static bool ChangesKey(Query* query, const catalog::DistributedTable* table) {
    if (query->onConflict == nullptr || table->is_reference()) return false;
    ListCell* cell;
    foreach (cell, query->onConflict->onConflictSet)
        if (((TargetEntry*)lfirst(cell))->resno == table->key_attno) return true;
    return false;
}

// SELECT of the rows to insert: the statement without its target.
static Query* SourceQuery(Query* query, plan::DistributedInsert* insert, const catalog::DistributedTable* table) {
    Query* source = (Query*)copyObject(query);
    source->commandType = CMD_SELECT;
    source->resultRelation = 0;
    source->onConflict = nullptr;
    source->returningList = NIL;
    source->withCheckOptions = NIL;
    source->override = OVERRIDING_NOT_SET;
    source->targetList = NIL;
    ListCell* cell;
    foreach (cell, query->targetList) {
        TargetEntry* entry = (TargetEntry*)lfirst(cell);
        if (entry->resjunk) continue;
        if (entry->resno == table->key_attno && !table->is_reference())
            insert->key_column = list_length(insert->columns);
        insert->columns = lappend_int(insert->columns, entry->resno);
        TargetEntry* column = (TargetEntry*)copyObject(entry);
        column->resno = list_length(source->targetList) + 1;
        column->resname = get_attname(table->relid, entry->resno, false);
        source->targetList = lappend(source->targetList, column);
    }
    return source;
}

// The statement without its rows: its text is split where the rows will stand.
static std::optional<Reason> SplitTarget(Query* query, plan::DistributedInsert* insert, List** parameters) {
    Query* target = (Query*)copyObject(query);
    target->targetList = NIL;
    target->cteList = NIL;
    target->override = OVERRIDING_NOT_SET;
    target->jointree = makeFromExpr(NIL, nullptr);
    ListCell* cell;
    int rtindex = 0;
    foreach (cell, target->rtable) {
        rtindex++;
        bool excluded = target->onConflict != nullptr && rtindex == target->onConflict->exclRelIndex;
        if (rtindex == target->resultRelation || excluded) continue;
        // Nothing refers to the source any more.
        RangeTblEntry* empty = makeNode(RangeTblEntry);
        empty->rtekind = RTE_RESULT;
        empty->eref = makeAlias("*RESULT*", NIL);
        lfirst(cell) = empty;
    }
    Result<ShippedQuery> shipped = ShipQuery(target, false, false, NIL);
    if (!shipped.ok()) return shipped.reason();
    *parameters = shipped.value().parameters;
    plan::SqlTemplate whole = deparse::DeparseQuery(shipped.value().query);
    const char* place = strstr(whole.text, kPlaceOfRows);
    if (place == nullptr || whole.hole_count != 1) elog(ERROR, "unexpected text of an INSERT: %s", whole.text);
    insert->head = whole;
    insert->head.text = pnstrdup(whole.text, place - whole.text);
    insert->tail = {pstrdup(place + strlen(kPlaceOfRows)), 0, nullptr};
    return std::nullopt;
}

Result<PlannedStmt*> PlanDistributedInsert(Query* query, int cursor_options, PlannedStmt* (*plan_source)(Query*, void*),
                                           void* argument) {
    const catalog::DistributedTable* table = catalog::GetTable(rt_fetch(query->resultRelation, query->rtable)->relid);
    Result<CheckedWrite> checked = ReturnChecks(query);
    if (!checked.ok()) return checked.reason();
    bool has_sublink = HasSubLinkWalker((Node*)query->onConflict, nullptr) ||
                       HasSubLinkWalker((Node*)checked.value().query->returningList, nullptr);
    if (has_sublink)
        return Reason{kFeatureNotSupported,
                      "subqueries in ON CONFLICT or RETURNING are not supported for INSERT into several shards",
                      "They would run on the nodes, which don't hold all rows.",
                      "Read the rows in a separate statement."};
    if (ChangesKey(query, table))
        return Reason{kFeatureNotSupported, "ON CONFLICT can't update the distribution column",
                      "The row would have to move to another shard.", "Leave the distribution column as it is."};

    plan::DistributedInsert insert;
    insert.relid = table->relid;
    insert.can_set_tag = query->canSetTag;
    insert.has_returning = query->returningList != NIL;
    insert.checks = checked.value().checks;
    List* parameters = NIL;
    std::optional<Reason> obstacle = SplitTarget(checked.value().query, &insert, &parameters);
    if (obstacle.has_value()) return *obstacle;
    insert.parameter_count = list_length(parameters);

    PlannedStmt* statement = plan_source(SourceQuery(checked.value().query, &insert, table), argument);
    List* expressions = (List*)eval_const_expressions(nullptr, (Node*)parameters);
    fix_opfuncids((Node*)expressions);
    CustomScan* node = MakeOutputScan(kInsertName, OutputColumns(checked.value().query),
                                      plan::HiddenColumns(insert.checks), plan::WriteInsert(insert), expressions);
    node->custom_plans = list_make1(statement->planTree);
    node->scan.plan.total_cost = statement->planTree->total_cost;
    statement->planTree = (Plan*)node;
    if ((cursor_options & CURSOR_OPT_SCROLL) != 0) statement->planTree = materialize_finished_plan((Plan*)node);
    statement->commandType = CMD_INSERT;
    statement->hasReturning = insert.has_returning;
    statement->hasModifyingCTE = query->hasModifyingCTE;
    statement->canSetTag = query->canSetTag;
    statement->parallelModeNeeded = false;
    return statement;
}

}  // namespace herd::planner
