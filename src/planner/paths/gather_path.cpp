#include "planner/paths/gather_path.h"

#include "planner/paths/combined_query.h"
#include "planner/paths/doubtful_joins.h"
#include "planner/paths/fragment_query.h"
#include "planner/paths/gather_query.h"
#include "planner/paths/hoisted_values.h"
#include "planner/paths/lookup_keys.h"
#include "planner/plan_builder.h"
#include "planner/read_ahead.h"
#include "planner/shipping.h"
#include "planner/user_aggregates.h"
#include "postgres/entry.h"

#include <cmath>

extern "C" {
#include <access/sysattr.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/cost.h>
#include <optimizer/optimizer.h>
#include <optimizer/pathnode.h>
#include <optimizer/tlist.h>
#include <catalog/pg_type.h>
#include <parser/parse_oper.h>
#include <utils/lsyscache.h>
}

namespace herd::planner {

using plan::DistributedScan;
using plan::Pruning;

bool AllShip(List* expressions) {
    ListCell* cell;
    foreach (cell, expressions)
        if (!IsShippableExpression((Node*)lfirst(cell))) return false;
    return true;
}

bool AllTravel(List* expressions) {
    ListCell* cell;
    foreach (cell, expressions)
        if (get_typtype(exprType((Node*)lfirst(cell))) == TYPTYPE_PSEUDO) return false;
    return AllShip(expressions);
}

double VisitedShards(const Fragment* fragment) {
    if (fragment->pruning == Pruning::kAllShards || fragment->pruning == Pruning::kByKeyArray)
        return Max(1, fragment->group->shard_count);
    return 1;
}

static const double kShardsOfTask = 16;

double SendingTasks(const Fragment* fragment) {
    double shards = VisitedShards(fragment);
    return Max(std::ceil(shards / kShardsOfTask), Min(shards, kParallelNodes));
}

// Batches of what is broadcast come one after another.
bool MayMerge(const Fragment* fragment) { return fragment->broadcasts == NIL; }

// ---- the plan ----

static List* ScanTargets(List* expressions) {
    List* targets = NIL;
    ListCell* cell;
    foreach (cell, expressions)
        targets = lappend(targets,
                          makeTargetEntry((Expr*)copyObject(lfirst(cell)), list_length(targets) + 1, nullptr, false));
    return targets;
}

// Which parameters of the SQL the broadcasts' arrays became: an IntList per broadcast, a number per column.
static List* BroadcastParameters(const Fragment* fragment, List* placeholders, List* parameters) {
    List* result = NIL;
    ListCell *cell, *parameter;
    int next = 0;
    foreach (cell, fragment->broadcasts) {
        List* numbers = NIL;
        for (int i = 0; i < list_length(((Broadcast*)lfirst(cell))->vars); i++) {
            Node* placeholder = (Node*)list_nth(placeholders, next++);
            int number = 0;
            foreach (parameter, parameters)
                if (equal(lfirst(parameter), placeholder)) number = foreach_current_index(parameter) + 1;
            numbers = lappend_int(numbers, number);
        }
        result = lappend(result, numbers);
    }
    return result;
}

// Constants are not among the columns: they order nothing.
static List* MergeOrder(const FragmentOutput& output) {
    List* order = NIL;
    ListCell *cell, *target;
    if (output.merge_pathkeys == NIL) return NIL;
    foreach (cell, output.sort) {
        const SortGroupClause* clause = lfirst_node(SortGroupClause, cell);
        Node* expression = get_sortgroupclause_expr(const_cast<SortGroupClause*>(clause), output.sort_targets);
        foreach (target, output.targets) {
            if (!equal(lfirst(target), expression)) continue;
            order = lappend(order, plan::WriteOrderColumn({foreach_current_index(target), clause->sortop,
                                                           exprCollation(expression), clause->nulls_first}));
            break;
        }
    }
    return order;
}

static bool IsBroadcastWhole(const Fragment* fragment) {
    return fragment->broadcasts != NIL && ((Broadcast*)linitial(fragment->broadcasts))->whole;
}

// The third form, of the rows of some values.
static void AddLookupKeys(PlannerInfo* root, GatherPath* gather, plan::LookupKeys* keys, List** expressions) {
    gather->fragment = gather->output.lookup->some;
    Query* query = GatherQuery(root, gather);
    Result<ShippedQuery> shipped = ShipQuery(query, false, false, KeysPlaceholders(query));
    if (!shipped.ok()) elog(ERROR, "a fragment chosen to travel doesn't: %s", shipped.reason().message);
    keys->sql = DeparseForShards(shipped.value().query);
    keys->parameter_count = list_length(shipped.value().parameters);
    keys->array_parameter = NumberOfKeys(shipped.value().parameters);
    keys->prunes = IsKeysPlaceholder(gather->fragment->key);
    *expressions = list_concat(*expressions, shipped.value().parameters);
}

// The second form, of the rows of all values. Appends its parameters and the value to the scan's expressions.
static void AddLookup(PlannerInfo* root, GatherPath* gather, DistributedScan* scan, List** expressions) {
    const OutputLookup* output = gather->output.lookup;
    gather->fragment = output->all;
    Result<ShippedQuery> shipped = ShipQuery(GatherQuery(root, gather), false, false, NIL);
    if (!shipped.ok()) elog(ERROR, "a fragment chosen to travel doesn't: %s", shipped.reason().message);
    plan::LookupPlan* plan = &scan->lookup;
    plan->sql = DeparseForShards(shipped.value().query);
    plan->parameter_count = list_length(shipped.value().parameters);
    *expressions = list_concat(*expressions, shipped.value().parameters);
    if (output->some != nullptr) AddLookupKeys(root, gather, &plan->keys, expressions);
    *expressions = lappend(*expressions, copyObject(output->lookup->value));
    ListCell* cell;
    foreach (cell, gather->output.targets)
        if (equal(lfirst(cell), output->lookup->column)) plan->column = foreach_current_index(cell);
    plan->operator_id = output->lookup->operator_id;
    plan->column_is_left = output->lookup->column_is_left;
    plan->collation = output->lookup->collation;
    plan->costs = output->lookup->costs;
    NoteLookup();
}

static Plan* PlanGather(PlannerInfo* root, GatherPath* gather, List* tlist, List* custom_plans) {
    const Fragment* fragment = gather->fragment;
    Query* query = GatherQuery(root, gather);
    List* aggregates = list_make2(query, gather->output.targets);
    root->glob->invalItems = list_concat(root->glob->invalItems, UserAggregateItems((Node*)aggregates));
    List* placeholders = BroadcastPlaceholders(QueryOfShard(query));
    Result<ShippedQuery> shipped = ShipQuery(query, false, false, placeholders);
    if (!shipped.ok()) elog(ERROR, "a fragment chosen to travel doesn't: %s", shipped.reason().message);
    DistributedScan scan;
    scan.relid = fragment->anchor;
    scan.pruning = fragment->pruning;
    scan.sql = DeparseForShards(shipped.value().query);
    scan.parameter_count = list_length(shipped.value().parameters);
    scan.locks_rows = gather->output.locks != NIL;
    scan.order = MergeOrder(gather->output);
    scan.broadcasts = BroadcastParameters(fragment, placeholders, shipped.value().parameters);
    scan.broadcast_whole = IsBroadcastWhole(fragment);
    List* expressions = list_copy(shipped.value().parameters);
    if (fragment->key != nullptr) expressions = lappend(expressions, copyObject(fragment->key));
    if (gather->output.lookup != nullptr) AddLookup(root, gather, &scan, &expressions);
    PlanHoistedValues(root, expressions);

    CustomScan* node = makeNode(CustomScan);
    node->methods = GetCustomScanMethods(kGatherName, false);
    node->flags = gather->path.flags;
    node->scan.plan.targetlist = tlist;
    node->scan.plan.qual = gather->output.local_quals;
    node->custom_scan_tlist = ScanTargets(gather->output.targets);
    node->custom_exprs = expressions;
    node->custom_plans = custom_plans;
    node->custom_private = plan::WriteScan(scan);
    return (Plan*)node;
}

extern "C" {

static Plan* HerdPlanFragmentPath(PlannerInfo* root, RelOptInfo*, CustomPath* best_path, List* tlist, List*,
                                  List* custom_plans) {
    return postgres::Enter([&]() { return PlanGather(root, (GatherPath*)best_path, tlist, custom_plans); });
}

}  // extern "C"

static const CustomPathMethods kFragmentPathMethods = {"HerdGather", HerdPlanFragmentPath, nullptr};

// What has no columns is computed above the gather. (Among the scan's columns, PostgreSQL would take a parameter that is equal to it
// for a reference to that column.)
static void DropComputable(FragmentOutput* output) {
    List* all_sent = output->sent != NIL ? output->sent : output->targets;
    List* targets = NIL;
    List* sent = NIL;
    ListCell *target, *asked;
    forboth(target, output->targets, asked, all_sent) {
        if (IsComputable((Node*)lfirst(target))) continue;
        targets = lappend(targets, lfirst(target));
        sent = lappend(sent, lfirst(asked));
    }
    output->targets = targets;
    output->sent = sent;
}

// Its rows are read before anything else, and travel to every shard.
static void AddBroadcastCosts(GatherPath* gather) {
    Path* path = &gather->path.path;
    ListCell* cell;
    foreach (cell, gather->fragment->broadcasts) {
        const Broadcast* broadcast = (const Broadcast*)lfirst(cell);
        Path* child = broadcast->path;
        gather->path.custom_paths = lappend(gather->path.custom_paths, child);
        double expected = RowsToExpect(broadcast->relids, child->rows);
        double cost = child->total_cost + kParallelNodes * TransferCost(expected, child->pathtarget->width);
        path->startup_cost += cost;
        path->total_cost += cost;
    }
}

// The nodes sort what they read at the same time.
static void AddSortCosts(GatherPath* gather) {
    Path* path = &gather->path.path;
    double rows = gather->output.sorted_rows;
    double kept = Max(2, (gather->output.limit != nullptr ? path->rows : rows) / SendingTasks(gather->fragment));
    double cost = 2 * cpu_operator_cost * rows * std::log2(kept) / kParallelNodes;
    path->startup_cost += cost;
    path->total_cost += cost;
}

// A node plans one long statement before it sends anything. (Up to as many shards that hardly takes longer than several short ones.)
static const double kLongStatement = 64;
static const double kCostPerShardOfLongStatement = 10;

// Every row is compared with those of the other tasks.
static void AddMergeCosts(GatherPath* gather) {
    Path* path = &gather->path.path;
    double shards = VisitedShards(gather->fragment);
    double planning = shards > kLongStatement ? shards * kCostPerShardOfLongStatement : 0;
    path->startup_cost += planning;
    path->total_cost += planning;
    path->total_cost += 2 * cpu_operator_cost * path->rows * std::log2(SendingTasks(gather->fragment) + 1);
    path->pathkeys = gather->output.merge_pathkeys;
}

// How often the fragment runs.
static double CountBatches(const Fragment* fragment) {
    if (fragment->broadcasts == NIL) return 1;
    const Broadcast* broadcast = (const Broadcast*)linitial(fragment->broadcasts);
    return broadcast->whole ? 1 : 1 + (int)(broadcast->path->rows / plan::kBroadcastBatch);
}

// About what a row of a parallel query's workers costs, and a quarter of what a sequential scan takes for as many bytes.
double TransferCost(double rows, int width) { return rows * (cpu_tuple_cost + parallel_tuple_cost + 0.0005 * width); }

Path* MakeGatherPath(RelOptInfo* rel, PathTarget* target, const Fragment* fragment, const FragmentOutput& output,
                     double rows) {
    GatherPath* gather = (GatherPath*)newNode(sizeof(GatherPath), T_CustomPath);
    gather->fragment = fragment;
    new (&gather->output) FragmentOutput(output);
    DropComputable(&gather->output);
    Path* path = &gather->path.path;
    path->pathtype = T_CustomScan;
    path->parent = rel;
    path->pathtarget = target;
    path->rows = clamp_row_est(rows);
    double share = VisitedShards(fragment) / Max(1, fragment->group->shard_count);
    double node_work = fragment->tuples * share * kTupleCost / kParallelNodes * CountBatches(fragment);
    path->startup_cost = kRoundTripCost + (output.grouped || output.sort != NIL ? node_work : 0);
    path->total_cost = kRoundTripCost + node_work;
    path->total_cost += TransferCost(path->rows, path->pathtarget->width);
    AddBroadcastCosts(gather);
    if (output.sort != NIL) AddSortCosts(gather);
    if (output.merge_pathkeys != NIL) AddMergeCosts(gather);
    gather->path.flags = CUSTOMPATH_SUPPORT_PROJECTION;
    gather->path.methods = &kFragmentPathMethods;
    return path;
}

}  // namespace herd::planner
