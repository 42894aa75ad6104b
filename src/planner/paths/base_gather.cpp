#include "planner/paths/base_gather.h"

#include "catalog/key_value.h"
#include "catalog/metadata.h"
#include "deparse/query_sql.h"
#include "plan/distributed_plan.h"
#include "planner/local_copies.h"
#include "planner/paths/base_statement.h"
#include "planner/paths/first_rows.h"
#include "planner/paths/fragment.h"
#include "planner/paths/gather_path.h"
#include "planner/paths/limit_rules.h"
#include "planner/paths/local_filter.h"
#include "planner/paths/lookup_keys.h"
#include "planner/paths/sorted_gather.h"
#include "planner/paths/subquery_gather.h"
#include "planner/plan_builder.h"
#include "planner/pruning.h"
#include "planner/read_ahead.h"
#include "planner/shipping.h"
#include "postgres/entry.h"
#include "postgres/error.h"
#include "postgres/walk.h"

extern "C" {
#include <access/sysattr.h>
#include <access/table.h>
#include <catalog/pg_class.h>
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/cost.h>
#include <optimizer/optimizer.h>
#include <optimizer/pathnode.h>
#include <optimizer/restrictinfo.h>
#include <parser/parse_func.h>
#include <parser/parse_oper.h>
#include <parser/parsetree.h>
#include <utils/fmgroids.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
}

namespace herd::planner {

using plan::DistributedScan;
using plan::Pruning;

// ---- which conditions travel ----

// A condition travels if nodes compute it alike and it does not jump the queue before a security barrier's conditions.
static bool Travels(const RelOptInfo* rel, RestrictInfo* condition) {
    if (!bms_is_subset(condition->clause_relids, rel->relids)) return false;
    if (!IsShippableExpression((Node*)condition->clause)) return false;
    return condition->security_level <= rel->baserestrict_min_security || condition->leakproof;
}

static bool AllTravel(RelOptInfo* rel) {
    ListCell* cell;
    foreach (cell, rel->baserestrictinfo)
        if (!Travels(rel, (RestrictInfo*)lfirst(cell))) return false;
    return true;
}

// ---- LIMIT ----

// LIMIT goes to the shards if this relation's rows are the statement's rows.
static bool LimitTravels(PlannerInfo* root, RelOptInfo* rel) {
    return HasSimpleLimit(root) && RowsAreStatements(root) && AllTravel(rel);
}

// ---- the plan ----

namespace {

// Lives as long as planning does; paths are never copied.
struct BasePath {
    CustomPath path;  // first
    bool limited;
    bool first_rows;
    const Lookup* lookup;
};

struct Conditions {
    List* remote;
    List* local;
};

}  // namespace

// Of a lookup's rows the conditions that depend on the outer row are checked here, whatever the nodes did.
static Conditions DivideConditions(RelOptInfo* rel, List* clauses, const Lookup* lookup) {
    Conditions conditions = {NIL, NIL};
    ListCell* cell;
    foreach (cell, clauses) {
        RestrictInfo* condition = (RestrictInfo*)lfirst(cell);
        if (condition->pseudoconstant) continue;
        bool travels = Travels(rel, condition);
        bool correlated = lookup != nullptr && list_member_ptr(lookup->correlated, condition);
        if (travels) conditions.remote = lappend(conditions.remote, condition->clause);
        if (!travels || correlated) conditions.local = lappend(conditions.local, condition->clause);
    }
    return conditions;
}

// The form of the rows of some values, if there is one.
static void WriteKeys(PlannerInfo* root, RangeTblEntry* rte, RelOptInfo* rel, List* remote, const Lookup* lookup,
                      DistributedScan* scan, List** expressions) {
    if (!Travels(rel, lookup->condition)) return;
    RestrictInfo* condition = KeysCondition(root, lookup);
    if (condition == nullptr) return;
    Query* query = FragmentQuery(rte, scan->fetched_columns, lappend(list_copy(remote), condition->clause), nullptr);
    List* parameters = NIL;
    plan::LookupKeys* keys = &scan->lookup.keys;
    keys->sql = WriteFragment(query, false, KeysPlaceholders(query), &parameters, &keys->parameter_count);
    keys->array_parameter = NumberOfKeys(parameters);
    Pruning pruning = Pruning::kAllShards;
    Node* key = nullptr;
    FindPruning(catalog::GetTable(scan->relid), rel->relid, list_make1(condition), &pruning, &key);
    keys->prunes = IsKeysPlaceholder(key);
    *expressions = list_concat(*expressions, parameters);
}

static void WriteLookup(PlannerInfo* root, RangeTblEntry* rte, RelOptInfo* rel, List* clauses, const Lookup* lookup,
                        DistributedScan* scan, List** expressions) {
    List* remote = NIL;
    ListCell* cell;
    foreach (cell, clauses) {
        RestrictInfo* condition = (RestrictInfo*)lfirst(cell);
        if (condition->pseudoconstant || list_member_ptr(lookup->correlated, condition)) continue;
        if (Travels(rel, condition)) remote = lappend(remote, condition->clause);
    }
    plan::LookupPlan* plan = &scan->lookup;
    plan->sql = WriteFragment(FragmentQuery(rte, scan->fetched_columns, remote, nullptr), false, NIL, expressions,
                              &plan->parameter_count);
    WriteKeys(root, rte, rel, remote, lookup, scan, expressions);
    *expressions = lappend(*expressions, copyObject(lookup->value));
    foreach (cell, scan->fetched_columns)
        if (lfirst_int(cell) == lookup->column->varattno) plan->column = foreach_current_index(cell);
    plan->operator_id = lookup->operator_id;
    plan->column_is_left = lookup->column_is_left;
    plan->collation = lookup->collation;
    plan->costs = lookup->costs;
    NoteLookup();
}

static int NumberOf(List* expressions, const Node* expression) {
    ListCell* cell;
    foreach (cell, expressions)
        if (equal(lfirst(cell), expression)) return foreach_current_index(cell) + 1;
    elog(ERROR, "a limit is not among the parameters");
}

static Plan* PlanGather(PlannerInfo* root, RelOptInfo* rel, BasePath* path, List* tlist, List* clauses) {
    RangeTblEntry* rte = planner_rt_fetch(rel->relid, root);
    const catalog::DistributedTable* table = catalog::GetTable(rte->relid);
    CurrentOfExpr* cursor = FindCursor(clauses);
    Conditions conditions = DivideConditions(rel, cursor == nullptr ? clauses : NIL, path->lookup);
    DistributedScan scan;
    scan.relid = rte->relid;
    Node* key = nullptr;
    FindPruning(table, rel->relid, clauses, &scan.pruning, &key);
    scan.fetched_columns = FetchedColumns(rel, rte->relid, conditions.local);
    List* expressions = NIL;
    Node* limit = path->limited ? LimitPlusOffset(root) : nullptr;
    Query* fragment = FragmentQuery(rte, scan.fetched_columns, conditions.remote, limit);
    scan.fetches_place = FetchesPlace(root, rel);
    List* constants = NIL;
    if (path->first_rows)
        constants = list_make1(OrderFirstRows(root, fragment, scan.fetched_columns, &scan.first_rows));
    if (cursor != nullptr)
        WriteCursorFragment(fragment, cursor, &scan, &expressions);
    else
        scan.sql = WriteFragment(fragment, scan.fetches_place, constants, &expressions, &scan.parameter_count);
    if (path->first_rows) scan.first_rows.limit_parameter = NumberOf(expressions, (Node*)linitial(constants));
    if (key != nullptr && cursor == nullptr) expressions = lappend(expressions, copyObject(key));
    if (path->first_rows) expressions = lappend(expressions, LimitPlusOffset(root));
    if (scan.fetches_place && conditions.remote != NIL) {
        scan.rechecks = true;
        expressions = lappend(expressions, make_ands_explicit((List*)copyObject(conditions.remote)));
    }
    if (path->lookup != nullptr) WriteLookup(root, rte, rel, clauses, path->lookup, &scan, &expressions);

    CustomScan* node = makeNode(CustomScan);
    node->methods = GetCustomScanMethods(kGatherName, false);
    node->scan.scanrelid = rel->relid;
    node->scan.plan.targetlist = tlist;
    node->scan.plan.qual = conditions.local;
    node->custom_exprs = expressions;
    node->custom_private = plan::WriteScan(scan);
    return (Plan*)node;
}

extern "C" {

static Plan* HerdPlanCustomPath(PlannerInfo* root, RelOptInfo* rel, CustomPath* best_path, List* tlist, List* clauses,
                                List*) {
    return postgres::Enter([&]() { return PlanGather(root, rel, (BasePath*)best_path, tlist, clauses); });
}

}  // extern "C"

static const CustomPathMethods kGatherPathMethods = {"HerdGather", HerdPlanCustomPath, nullptr};

// Ready at once, in order; who wants all rows reads them otherwise.
static void AddFirstRows(PlannerInfo* root, RelOptInfo* rel, const BasePath* all_rows) {
    BasePath* base = (BasePath*)newNode(sizeof(BasePath), T_CustomPath);
    *base = *all_rows;
    base->first_rows = true;
    Path* path = &base->path.path;
    path->pathkeys = root->query_pathkeys;
    path->startup_cost = all_rows->path.path.startup_cost / 2;
    path->total_cost = all_rows->path.path.total_cost + kRoundTripCost;
    add_path(rel, path);
}

static void ReplacePathsByFragment(RelOptInfo* rel) {
    const Fragment* fragment = FragmentOf(rel);
    if (fragment == nullptr)
        postgres::RaiseNotSupported("system columns of distributed tables are not supported in this statement",
                                    "A condition or column of the table can't be computed by the shards.",
                                    "Read the system columns in a statement of their own.");
    FragmentOutput output;
    output.targets = rel->reltarget->exprs;
    rel->pathlist = NIL;
    rel->partial_pathlist = NIL;
    rel->consider_parallel = false;
    add_path(rel, MakeGatherPath(rel, rel->reltarget, fragment, output, rel->rows));
}

static double LookupCost(const Path& path, double all_rows) {
    double all = path.total_cost + TransferCost(all_rows, path.pathtarget->width);
    return path.startup_cost + all / kRequestsOfLookup;
}

// The conditions that are checked here, of rows that come with every request: those of a lookup come as they should.
static List* LocalFilters(RelOptInfo* rel, const Lookup* lookup) {
    List* filters = NIL;
    ListCell* cell;
    foreach (cell, rel->baserestrictinfo) {
        RestrictInfo* condition = (RestrictInfo*)lfirst(cell);
        bool correlated = lookup != nullptr && list_member_ptr(lookup->correlated, condition);
        if (!condition->pseudoconstant && !correlated && !Travels(rel, condition))
            filters = lappend(filters, condition);
    }
    return filters;
}

void ReplacePathsByGather(PlannerInfo* root, RelOptInfo* rel, RangeTblEntry* rte) {
    if (rte->rtekind == RTE_SUBQUERY) AddSubqueryGather(root, rel, rte);
    if (rte->rtekind != RTE_RELATION || rte->relkind != RELKIND_RELATION || IS_DUMMY_REL(rel)) return;
    Oid shell = ShellOf(rte->relid);
    if (!catalog::IsShell(shell)) return;
    bool is_copy = shell != rte->relid;  // of a reference table, read here
    Lookup* lookup =
        is_copy || FetchesPlace(root, rel) || ShowsSystemColumns(root, rel) ? nullptr : FindLookup(root, rel);
    // Whoever looks rows up reads them one relation at a time.
    if (lookup == nullptr) SetFragment(rel, BaseFragment(root, rel, shell));
    if (is_copy) return;
    if (ShowsSystemColumns(root, rel)) {
        ReplacePathsByFragment(rel);
        return;
    }
    BasePath* base = (BasePath*)newNode(sizeof(BasePath), T_CustomPath);
    base->lookup = lookup;
    base->limited = LimitTravels(root, rel);
    CustomPath* path = &base->path;
    path->path.pathtype = T_CustomScan;
    path->path.parent = rel;
    path->path.pathtarget = rel->reltarget;
    path->path.param_info = get_baserel_parampathinfo(root, rel, rel->lateral_relids);
    path->path.rows = path->path.param_info ? path->path.param_info->ppi_rows : rel->rows;
    const catalog::DistributedTable* table = catalog::GetTable(rte->relid);
    Pruning pruning = Pruning::kAllShards;
    Node* key = nullptr;
    FindPruning(table, rel->relid, rel->baserestrictinfo, &pruning, &key);
    double share =
        pruning == Pruning::kAllShards || table->group->shard_count == 0 ? 1.0 : 1.0 / table->group->shard_count;
    path->path.startup_cost = kRoundTripCost;
    path->path.total_cost = kRoundTripCost + rel->tuples * share * kTupleCost / kParallelNodes;
    path->path.total_cost += TransferCost(path->path.rows, path->path.pathtarget->width);
    AddFilterCosts(root, &path->path, LocalFilters(rel, lookup));
    if (lookup != nullptr) {
        path->path.total_cost = LookupCost(path->path, rel->tuples);
        lookup->costs = CostsOfLookup(rel, table, lookup, rel->rows, rel->tuples, path->path.pathtarget->width);
    }
    path->methods = &kGatherPathMethods;
    rel->pathlist = NIL;
    rel->partial_pathlist = NIL;
    rel->consider_parallel = false;
    add_path(rel, (Path*)path);
    if (lookup == nullptr && FetchesPlace(root, rel) && MayReadFirstRows(root, rel) && AllTravel(rel))
        AddFirstRows(root, rel, base);
    AddSortedGather(root, rel);
}

void HideShellIndexes(RelOptInfo* rel, Oid relid) {
    if (rel->indexlist == NIL || !catalog::IsShell(relid)) return;
    ListCell* cell;
    foreach (cell, rel->indexlist) ((IndexOptInfo*)lfirst(cell))->hypothetical = true;
}

}  // namespace herd::planner
