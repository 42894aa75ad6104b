#include "planner/router/router.h"

#include "catalog/metadata.h"
#include "deparse/query_sql.h"
#include "plan/distributed_plan.h"
#include "planner/plan_builder.h"
#include "planner/pruning.h"
#include "planner/reference_order.h"
#include "planner/router/pins.h"
#include "planner/shipping.h"
#include "planner/unique_match.h"
#include "planner/write_checks.h"

extern "C" {
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <parser/parsetree.h>
#include <rewrite/rewriteHandler.h>
#include <utils/lsyscache.h>
}

namespace herd::planner {

using plan::DistributedScan;
using plan::Pruning;

static std::optional<Reason> CommonObstacle(const QueryFacts& facts) {
    if (facts.several_groups)
        return Reason{kFeatureNotSupported, "tables of several colocation groups can't be used in one such statement",
                      "The rows of tables that are not colocated lie on different nodes.",
                      "Distribute the tables with the same distribution column type, colocated with each other."};
    if (facts.has_local_relation)
        return Reason{kFeatureNotSupported, "local and distributed tables can't be used together in one such statement",
                      "The nodes don't have the local table's rows.",
                      "Make the local table a reference table, or read its rows in a statement of their own."};
    if (facts.has_tableoid)
        return Reason{kFeatureNotSupported, "tableoid of a distributed table can't be used in such a statement",
                      "A shard's OID differs from its table's.", "Use the table's name."};
    if (facts.has_odd_sample)
        return Reason{kFeatureNotSupported, "this TABLESAMPLE is not supported for distributed tables",
                      "Samples of the shards would not be one of the table.", "Use BERNOULLI or SYSTEM."};
    return std::nullopt;
}

// Functions in DEFAULTs and so on need their defaulted and named arguments filled in before they can run.
static List* PrepareExpressions(List* expressions) {
    List* prepared = (List*)eval_const_expressions(nullptr, (Node*)copyObject(expressions));
    fix_opfuncids((Node*)prepared);
    return prepared;
}

static bool IsWrite(const Query* query) { return query->commandType != CMD_SELECT || query->hasModifyingCTE; }

static PlannedStmt* MakeScanStatement(Query* query, const CheckedWrite& checked, const char* name,
                                      DistributedScan* scan, ShippedQuery shipped, Node* key, int cursor_options) {
    scan->checks = checked.checks;
    scan->command = query->commandType;
    scan->sql = deparse::DeparseQuery(shipped.query);
    scan->parameter_count = list_length(shipped.parameters);
    scan->can_set_tag = query->canSetTag;
    scan->has_returning = query->returningList != NIL;
    List* expressions = list_copy(shipped.parameters);
    if (key != nullptr) expressions = lappend(expressions, key);
    CustomScan* node = MakeOutputScan(name, OutputColumns(checked.query), plan::HiddenColumns(checked.checks),
                                      plan::WriteScan(*scan), PrepareExpressions(expressions));
    return MakePlannedStatement(query, (Plan*)node, cursor_options);
}

// Where the key of the inserted row is volatile (nextval) it must be computed once: then it is a parameter.
static Result<int> KeyParameter(const ShippedQuery& shipped, const catalog::DistributedTable* table) {
    ListCell* cell;
    foreach (cell, shipped.query->targetList) {
        TargetEntry* entry = (TargetEntry*)lfirst(cell);
        if (entry->resno == table->key_attno && IsA(entry->expr, Param)) return ((Param*)entry->expr)->paramid;
    }
    return Reason{kFeatureNotSupported, "a volatile value of this type is not supported for a distribution column",
                  "The row's shard can't be told before the value is computed.",
                  "Compute the value in a separate statement and insert the result."};
}

// UPDATE may not move a row to another shard.
static std::optional<Reason> KeyChange(Query* query) {
    if (query->commandType != CMD_UPDATE && query->onConflict == nullptr) return std::nullopt;
    Oid relid = rt_fetch(query->resultRelation, query->rtable)->relid;
    const catalog::DistributedTable* table = catalog::FindTable(relid);
    if (table == nullptr || table->is_reference()) return std::nullopt;
    List* targets = query->commandType == CMD_UPDATE ? query->targetList : query->onConflict->onConflictSet;
    ListCell* cell;
    foreach (cell, targets) {
        TargetEntry* entry = (TargetEntry*)lfirst(cell);
        if (entry->resjunk || entry->resno != table->key_attno) continue;
        Var* same = (Var*)entry->expr;
        if (IsA(same, Var) && same->varattno == table->key_attno && (int)same->varno == query->resultRelation) continue;
        return Reason{kFeatureNotSupported,
                      psprintf("column \"%s\" of table \"%s\" can't be updated",
                               get_attname(relid, table->key_attno, false), get_rel_name(relid)),
                      "It is the distribution column: the row would have to move to another shard.",
                      "Delete the row and insert it with the new value, in one transaction."};
    }
    return std::nullopt;
}

static bool HasShellTarget(Query* query) {
    return query->resultRelation > 0 && catalog::IsShell(rt_fetch(query->resultRelation, query->rtable)->relid);
}

// CTEs that write need the same care as the statement itself.
static std::optional<Reason> NestedKeyChange(Query* query) {
    if (HasShellTarget(query)) {
        std::optional<Reason> change = KeyChange(query);
        if (change.has_value()) return change;
    }
    ListCell* cell;
    foreach (cell, query->cteList) {
        Query* nested = castNode(Query, ((CommonTableExpr*)lfirst(cell))->ctequery);
        std::optional<Reason> change = NestedKeyChange(nested);
        if (change.has_value()) return change;
    }
    return std::nullopt;
}

// A CTE that writes a reference table would have to run on every node.
static bool WritesReferenceTable(Query* query) {
    if (HasShellTarget(query) &&
        catalog::GetTable(rt_fetch(query->resultRelation, query->rtable)->relid)->is_reference())
        return true;
    ListCell* cell;
    foreach (cell, query->cteList)
        if (WritesReferenceTable(castNode(Query, ((CommonTableExpr*)lfirst(cell))->ctequery))) return true;
    return false;
}

Result<PlannedStmt*> PlanRouter(Query* query, const QueryFacts& facts, int cursor_options) {
    if (facts.group == nullptr) return Reason{kFeatureNotSupported, "no distributed table"};
    std::optional<Reason> obstacle = CommonObstacle(facts);
    if (!obstacle.has_value()) obstacle = NestedKeyChange(query);
    if (obstacle.has_value()) return *obstacle;
    if (WritesReferenceTable(query))
        return Reason{kFeatureNotSupported, "a reference table can't be written together with distributed tables",
                      "Its copies on other nodes would be left behind.", "Use separate statements in one transaction."};
    Result<CheckedWrite> checked = ReturnChecks(query);
    if (!checked.ok()) return checked.reason();
    Pins pins = FindPins(checked.value().query, facts.group, false);
    if (pins.result != PinResult::kOne)
        return Reason{kFeatureNotSupported, "the statement is not limited to one value of the distribution column"};

    bool one_row = query->commandType == CMD_INSERT && query->jointree->fromlist == NIL;
    Result<ShippedQuery> shipped = ShipQuery(checked.value().query, one_row, one_row, pins.constants);
    if (!shipped.ok()) return shipped.reason();

    DistributedScan scan;
    scan.relid = facts.anchor;
    scan.single_shard = true;
    scan.has_one_row = HasOneRow(query);
    scan.writes = IsWrite(query);
    scan.locks_rows = facts.has_row_marks;
    Node* key = pins.value;
    if (pins.null_key) {
        scan.pruning = Pruning::kNullKey;
        key = nullptr;
    } else if (contain_volatile_functions(key)) {
        if (!one_row) return Reason{kFeatureNotSupported, "a volatile key"};
        Result<int> parameter = KeyParameter(shipped.value(), catalog::GetTable(facts.anchor));
        if (!parameter.ok()) return parameter.reason();
        scan.pruning = Pruning::kByParameter;
        scan.key_parameter = parameter.value();
        key = nullptr;
    } else {
        scan.pruning = Pruning::kByKey;
    }
    return MakeScanStatement(query, checked.value(), kRouterName, &scan, shipped.value(), key, cursor_options);
}

Result<PlannedStmt*> PlanFragmentWrite(Query* query, const QueryFacts& facts, int cursor_options) {
    std::optional<Reason> obstacle = CommonObstacle(facts);
    if (!obstacle.has_value()) obstacle = NestedKeyChange(query);
    if (obstacle.has_value()) return *obstacle;
    if (query->hasModifyingCTE)
        return Reason{kFeatureNotSupported, "data-modifying statements in WITH are not supported over several shards",
                      "The rows of WITH would have to travel between shards.",
                      "Use separate statements in one transaction."};
    if (facts.has_sample) return Reason{kFeatureNotSupported, "TABLESAMPLE in a write that each shard does by itself"};
    if (facts.has_system_column)
        return Reason{kFeatureNotSupported,
                      "system columns of distributed tables are not supported in writes over several shards",
                      "ctid, xmin and the like mean something on one shard only.",
                      "Compare the distribution column with a constant, or use the primary key."};
    Result<CheckedWrite> checked = ReturnChecks(query);
    if (!checked.ok()) return checked.reason();
    const catalog::DistributedTable* target = catalog::GetTable(rt_fetch(query->resultRelation, query->rtable)->relid);
    if (target->is_reference()) {
        if (facts.group != nullptr)
            return Reason{kFeatureNotSupported, "a reference table can't be written by the rows of distributed tables",
                          "Each of its copies would see other rows.",
                          "Read the rows in a statement of their own, then write the reference table."};
        if (query->commandType != CMD_INSERT) obstacle = FindOrderDependence(query);
        if (obstacle.has_value()) return *obstacle;
    } else if (FindPins(checked.value().query, facts.group, true).result == PinResult::kNone) {
        return Reason{
            kFeatureNotSupported, "the statement joins distributed tables otherwise than by their distribution columns",
            "It can't be carried out on each shard by itself.",
            "Join the tables by their distribution columns, or write in two steps through a temporary table."};
    }
    bool one_row = query->commandType == CMD_INSERT && query->jointree->fromlist == NIL;
    Result<ShippedQuery> shipped = ShipQuery(checked.value().query, one_row, false, NIL);
    if (!shipped.ok()) return shipped.reason();
    DistributedScan scan;
    scan.relid = target->relid;
    scan.writes = true;
    Node* key = nullptr;
    if (!target->is_reference())
        FindPruning(target, query->resultRelation, make_ands_implicit((Expr*)query->jointree->quals), &scan.pruning,
                    &key);
    return MakeScanStatement(query, checked.value(), kModifyName, &scan, shipped.value(), (Node*)copyObject(key),
                             cursor_options);
}

}  // namespace herd::planner
