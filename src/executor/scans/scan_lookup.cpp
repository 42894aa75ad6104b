#include "executor/scans/scan_lookup.h"

#include "executor/scans/key_feed.h"
#include "executor/scans/key_set.h"
#include "executor/scans/scan_runs.h"
#include "executor/scans/shard_choice.h"
#include "executor/tasks/parameter_values.h"
#include "postgres/walk.h"

extern "C" {
#include <executor/executor.h>
#include <nodes/nodeFuncs.h>
}

namespace herd::executor {

using plan::DistributedScan;
using plan::LookupCosts;
using plan::Pruning;

// What may be spent on some values, as a share of what all cost, as long as no more rows ask than planned; and when it is not known how many
// are still to come.
static const double kShareOfAllAsPlanned = 0.6;
static const double kShareOfAll = 0.25;
// The same for values that nobody announced: then nothing is known of what is to come.
static const double kShareOfAllForSingles = 0.05;
// So many single requests are made in any case.
static const int kSingleRequests = 4;

static ExprState* ValueState(DistributedScanState* state) { return (ExprState*)llast(state->expression_states); }

// ---- fetching ----

// The expressions of the lookup's forms: first those of all values, then those of some.
static List* LookupExpressions(DistributedScanState* state) {
    int count = plan::LookupExpressions(state->scan.lookup);
    return list_copy_tail(state->expression_states, list_length(state->expression_states) - count);
}

static TaskRun* StartLookupRun(DistributedScanState* state, const plan::SqlTemplate& sql, ParamListInfo parameters,
                               const ShardChoice& shards) {
    FragmentCall call = {};
    call.relid = state->scan.relid;
    call.sql = sql;
    call.shard_indexes = shards.indexes;
    call.shard_count = shards.count;
    call.parameters = parameters;
    call.row_desc = state->row_desc;
    call.snapshot = state->css.ss.ps.state->es_snapshot;
    call.reports = ReportsOf(state);
    call.gathered_before = state->report.bytes;
    return BeginTaskRun(call);
}

static ShardChoice ShardsByKeys(DistributedScanState* state, bool prunes, Oid type, Datum keys) {
    DistributedScan scan = state->scan;
    scan.pruning = prunes ? Pruning::kByKeyArray : Pruning::kAllShards;
    return ChooseShards(scan, type, keys, !prunes);
}

static TaskRun* StartRunOfAll(DistributedScanState* state) {
    const plan::LookupPlan& lookup = state->scan.lookup;
    ParamListInfo parameters =
        EvaluateParameters(LookupExpressions(state), lookup.parameter_count, state->css.ss.ps.ps_ExprContext);
    return StartLookupRun(state, lookup.sql, parameters, ShardsByKeys(state, false, InvalidOid, (Datum)0));
}

static TaskRun* StartRunOfKeys(DistributedScanState* state, const KeySet* values) {
    const plan::LookupPlan& lookup = state->scan.lookup;
    List* expressions = list_copy_tail(LookupExpressions(state), lookup.parameter_count);
    ParamListInfo parameters =
        EvaluateParameters(expressions, lookup.keys.parameter_count, state->css.ss.ps.ps_ExprContext);
    ParamExternData* keys = &parameters->params[lookup.keys.array_parameter - 1];
    keys->value = KeysAsArray(values);
    keys->isnull = false;
    return StartLookupRun(state, lookup.keys.sql, parameters,
                          ShardsByKeys(state, lookup.keys.prunes, keys->ptype, keys->value));
}

static void EnsureLookup(DistributedScanState* state) {
    if (state->lookup != nullptr) return;
    const plan::LookupPlan& lookup = state->scan.lookup;
    LookupColumn column = {lookup.column, lookup.operator_id, lookup.column_is_left, lookup.collation};
    state->lookup = MakeRowLookup(state->row_desc, column, state->css.ss.ps.state->es_query_cxt);
}

// values: null if all are to be fetched.
static void Fetch(DistributedScanState* state, const KeySet* values) {
    EnsureLookup(state);
    MemoryContext caller = MemoryContextSwitchTo(state->run_context);
    state->run = values == nullptr ? StartRunOfAll(state) : StartRunOfKeys(state, values);
    AddRows(state->lookup, state->run);
    StopRun(state);
    MemoryContextSwitchTo(caller);
}

static void FetchAll(DistributedScanState* state) {
    EndLookup(state);
    Fetch(state, nullptr);
}

// ---- batches of values ----

static KeySet* MakeSet(DistributedScanState* state) {
    return MakeKeySet(exprType((Node*)ValueState(state)->expr), state->css.ss.ps.state->es_query_cxt);
}

// Those of the feed whose rows are not here.
static KeySet* MissingKeys(DistributedScanState* state, const KeyFeed* feed) {
    KeySet* missing = MakeSet(state);
    const KeySet* asked = state->key_batches.asked;
    for (int i = 0; i < feed->count; i++)
        if (!feed->nulls[i] && !HasKey(asked, feed->values[i])) (void)AddKey(missing, feed->values[i]);
    return missing;
}

// How many different values all rows are going to ask for, if they go on as those of the batch.
static double ExpectedKeys(const KeyFeed* feed, int missing) {
    if (feed->is_last || missing < feed->count / 2) return missing;
    return Max(feed->expected_rows, feed->count) * missing / Max(feed->count, 1);
}

static bool IsWorthAll(const DistributedScanState* state, const KeyFeed* feed, int missing) {
    const LookupCosts& costs = state->scan.lookup.costs;
    if (costs.batch + ExpectedKeys(feed, missing) * costs.key > costs.all) return true;
    double share = feed->is_last ? 1 : feed->rows <= feed->expected_rows ? kShareOfAllAsPlanned : kShareOfAll;
    return state->key_batches.spent + costs.batch + missing * costs.key > share * costs.all;
}

// What is on disk can't grow, and what is asked for again will be few.
static void ForgetFullLookup(DistributedScanState* state) {
    if (state->lookup == nullptr || !IsOnDisk(state->lookup)) return;
    EndLookup(state);
    state->key_batches.asked = MakeSet(state);
}

static void FetchBatch(DistributedScanState* state, KeyFeed* feed) {
    KeyBatches* batches = &state->key_batches;
    batches->last = feed->batch;
    ForgetFullLookup(state);
    KeySet* missing = MissingKeys(state, feed);
    int count = CountKeys(missing);
    if (count > 0 && IsWorthAll(state, feed, count)) {
        feed->is_wanted = false;
        FetchAll(state);
    } else if (count > 0) {
        const LookupCosts& costs = state->scan.lookup.costs;
        batches->spent += costs.batch + count * costs.key;
        batches->count++;
        Fetch(state, missing);
        for (int i = 0; i < feed->count; i++)
            if (!feed->nulls[i]) (void)AddKey(batches->asked, feed->values[i]);
    }
    EndKeySet(missing);
}

// ---- what is asked for ----

static bool HasAll(const DistributedScanState* state) {
    return state->lookup != nullptr && state->key_batches.asked == nullptr;
}

// Values that nobody announced are asked for one by one, until all of them are worth it.
static bool MaySpendOnSingle(DistributedScanState* state) {
    const LookupCosts& costs = state->scan.lookup.costs;
    KeyBatches* batches = &state->key_batches;
    batches->spent += costs.single;
    return ++state->run_count <= kSingleRequests || batches->spent <= kShareOfAllForSingles * costs.all;
}

// Makes sure that the value's rows are here if it is one of those announced.
static bool HasRowsOf(DistributedScanState* state, KeyFeed* feed, Datum value, bool is_null) {
    KeyBatches* batches = &state->key_batches;
    if (batches->asked == nullptr) batches->asked = MakeSet(state);
    if (is_null || HasKey(batches->asked, value)) return true;
    if (feed->batch > batches->last) FetchBatch(state, feed);
    return HasAll(state) || HasKey(batches->asked, value);
}

bool LooksUp(DistributedScanState* state) {
    const plan::LookupPlan& lookup = state->scan.lookup;
    if (lookup.sql.text == nullptr) return false;
    KeyFeed* feed = FindFeed(state->css.ss.ps.state, lookup.keys.feed);
    bool is_null;
    Datum value = ExecEvalExprSwitchContext(ValueState(state), state->css.ss.ps.ps_ExprContext, &is_null);
    if (!HasAll(state) && (feed == nullptr || !HasRowsOf(state, feed, value, is_null))) {
        if (MaySpendOnSingle(state)) return false;
        FetchAll(state);
    }
    EnsureLookup(state);
    FindRows(state->lookup, value, is_null);
    state->lookup_count++;
    return true;
}

// ---- the end ----

static bool ParamWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    Bitmapset** params = (Bitmapset**)context;
    if (IsA(node, Param) && ((Param*)node)->paramkind == PARAM_EXEC)
        *params = bms_add_member(*params, ((Param*)node)->paramid);
    return postgres::WalkExpression(node, ParamWalker, context);
}

bool IsLookupStale(DistributedScanState* state) {
    if (state->lookup == nullptr || state->css.ss.ps.chgParam == nullptr) return false;
    List* expressions = ((CustomScan*)state->css.ss.ps.plan)->custom_exprs;
    int value = list_length(expressions) - 1;
    Bitmapset* params = nullptr;
    for (int i = value + 1 - plan::LookupExpressions(state->scan.lookup); i < value; i++)
        ParamWalker((Node*)list_nth(expressions, i), &params);
    return bms_overlap(params, state->css.ss.ps.chgParam);
}

void EndLookup(DistributedScanState* state) {
    if (state->lookup != nullptr) EndRowLookup(state->lookup);
    if (state->key_batches.asked != nullptr) EndKeySet(state->key_batches.asked);
    state->lookup = nullptr;
    state->key_batches.asked = nullptr;
}

void RestartLookup(DistributedScanState* state) {
    EndLookup(state);
    state->key_batches.last = 0;
    state->key_batches.spent = 0;
    state->run_count = 0;
}

}  // namespace herd::executor
