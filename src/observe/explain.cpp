#include "observe/explain.h"

#include "catalog/metadata.h"
#include "executor/writes/distributed_insert.h"
#include "executor/scans/distributed_scan.h"
#include "executor/scans/explain_task.h"
#include "observe/nested_plan.h"
#include "plan/distributed_plan.h"
#include "postgres/entry.h"

extern "C" {
#include <utils/guc.h>
#include <utils/lsyscache.h>
}

namespace herd::observe {

using executor::DistributedScanState;
using executor::PlannedTask;
using executor::TaskReport;
using executor::TaskReports;

static bool explain_node_plans = true;

void RegisterObserveSettings() {
    DefineCustomBoolVariable("herd.explain_node_plans", "EXPLAIN shows the nodes' plans of tasks.",
                             "Off: EXPLAIN contacts no other node unless it has to run the statement.",
                             &explain_node_plans, true, PGC_USERSET, GUC_EXPLAIN, nullptr, nullptr, nullptr);
}

bool ShowsNodePlans() { return explain_node_plans; }

// The text on one line: PostgreSQL breaks lines when it writes queries. Quoted text stays as it is.
static char* OnOneLine(const char* sql) {
    StringInfoData line;
    initStringInfo(&line);
    char quote = '\0';
    for (const char* c = sql; *c != '\0'; c++) {
        if (quote == '\0' && isspace((unsigned char)*c)) {
            if (line.len > 0 && line.data[line.len - 1] != ' ') appendStringInfoChar(&line, ' ');
            continue;
        }
        if (quote == '\0' && (*c == '\'' || *c == '"'))
            quote = *c;
        else if (*c == quote)
            quote = '\0';
        appendStringInfoChar(&line, *c);
    }
    return line.data;
}

static bool IsText(const ExplainState* es) { return es->format == EXPLAIN_FORMAT_TEXT; }

// ---- what the tasks did ----

static void PrintSpread(const char* name, const executor::Spread& spread, int64 count, int digits, const char* unit,
                        ExplainState* es) {
    double average = spread.sum / (double)count;
    if (IsText(es)) {
        ExplainPropertyText(name,
                            psprintf("min=%.*f avg=%.*f max=%.*f%s%s", digits, spread.least, digits, average, digits,
                                     spread.most, unit[0] != '\0' ? " " : "", unit),
                            es);
        return;
    }
    const char* unit_or_null = unit[0] != '\0' ? unit : nullptr;
    ExplainPropertyFloat(psprintf("%s Min", name), unit_or_null, spread.least, digits, es);
    ExplainPropertyFloat(psprintf("%s Avg", name), unit_or_null, average, digits, es);
    ExplainPropertyFloat(psprintf("%s Max", name), unit_or_null, spread.most, digits, es);
}

static int CountNodes(const TaskReports* reports) {
    List* nodes = NIL;
    ListCell* cell;
    foreach (cell, reports->tasks) nodes = list_append_unique_int(nodes, ((const TaskReport*)lfirst(cell))->node.value);
    return list_length(nodes);
}

// In text a single task needs no statistics.
static void PrintReports(const TaskReports* reports, ExplainState* es) {
    if (reports == nullptr || reports->count == 0 || (IsText(es) && reports->count == 1)) return;
    ExplainPropertyInteger("Nodes", nullptr, CountNodes(reports), es);
    ExplainPropertyInteger("Connections", nullptr, reports->most_connections, es);
    PrintSpread("Task Rows", reports->rows, reports->count, IsText(es) ? 1 : 0, "", es);
    if (es->timing) PrintSpread("Task Time", reports->milliseconds, reports->count, 3, "ms", es);
}

// ---- tasks and their plans ----

static void OpenTasks(ExplainState* es) {
    if (!IsText(es)) ExplainOpenGroup("Node Tasks", "Node Tasks", false, es);
}

static void CloseTasks(ExplainState* es) {
    if (!IsText(es)) ExplainCloseGroup("Node Tasks", "Node Tasks", false, es);
}

// plan: null if there is none.
static void PrintTask(const char* sql, NodeId node, int shard_count, const char* plan, ExplainState* es) {
    if (!IsText(es)) ExplainOpenGroup("Node Task", nullptr, true, es);
    if (sql != nullptr) ExplainPropertyText("Task", OnOneLine(sql), es);
    if (shard_count > 1) ExplainPropertyText("Chunk", psprintf("%d shards", shard_count), es);
    ExplainPropertyText("Node", catalog::GetNode(node)->name, es);
    if (plan != nullptr) PrintNestedPlan(plan, es);
    if (!IsText(es)) ExplainCloseGroup("Node Task", nullptr, true, es);
}

// The SQL of a chunk is shown for its first shard.
static char* SqlFor(const DistributedScanState* state, int shard_index) {
    return executor::TaskText(state->scan.sql, &shard_index, 1);
}

// One that ran to its end, if there is one.
static const TaskReport* Representative(const TaskReports* reports) {
    ListCell* cell;
    foreach (cell, reports->tasks)
        if (((const TaskReport*)lfirst(cell))->plan != nullptr) return (const TaskReport*)lfirst(cell);
    return (const TaskReport*)linitial(reports->tasks);
}

static void PrintDoneTask(const DistributedScanState* state, const TaskReport* task, ExplainState* es) {
    PrintTask(SqlFor(state, task->shard_index), task->node, task->shard_count, task->plan, es);
}

static void PrintDoneTasks(const DistributedScanState* state, const TaskReports* reports, ExplainState* es) {
    if (!es->verbose) {
        PrintDoneTask(state, Representative(reports), es);
        return;
    }
    ListCell* cell;
    foreach (cell, reports->tasks) PrintDoneTask(state, (const TaskReport*)lfirst(cell), es);
}

// Nodes are asked only by EXPLAIN, not where a statement is logged that has run.
static void PrintPlannedTask(DistributedScanState* state, const PlannedTask& task, ExplainState* es) {
    bool asks = explain_node_plans && (state->css.ss.ps.state->es_top_eflags & EXEC_FLAG_EXPLAIN_ONLY) != 0;
    plan::PlanReportOptions options = {es->format, es->costs, es->verbose, es->settings, 0};
    const char* plan = asks ? executor::AskForPlan(state, task, options) : nullptr;
    PrintTask(SqlFor(state, task.shards[0]), task.node, task.shard_count, plan, es);
}

static void PrintPlannedTasks(DistributedScanState* state, const int* shards, int count, ExplainState* es) {
    if (!es->verbose || count == 0) {
        static const int first_shard = 0;
        PrintPlannedTask(state, executor::PlanSingleTask(state, count > 0 ? shards : &first_shard), es);
        return;
    }
    ListCell* cell;
    foreach (cell, executor::PlanTasks(state, shards, count))
        PrintPlannedTask(state, *(const PlannedTask*)lfirst(cell), es);
}

// ---- the scans ----

static void PrintShards(const DistributedScanState* state, bool known, int count, ExplainState* es) {
    const catalog::Group* group = catalog::GetTable(state->scan.relid)->group;
    if (known)
        ExplainPropertyText("Shards", psprintf("%d of %d", count, group->shard_count), es);
    else
        ExplainPropertyText("Shards", psprintf("by parameter, of %d", group->shard_count), es);
}

static void PrintCounts(const DistributedScanState* state, const executor::TaskRunReport& report, ExplainState* es) {
    ExplainPropertyInteger("Tasks", nullptr, report.task_count, es);
    if (state->broadcasts != nullptr && state->reports != nullptr)
        ExplainPropertyInteger("Batches", nullptr, state->reports->runs, es);
    if (state->key_batches.count > 0) ExplainPropertyInteger("Key Batches", nullptr, state->key_batches.count, es);
    if (state->lookup_count > 0) ExplainPropertyInteger("Lookups", nullptr, state->lookup_count, es);
    if (state->scan.writes) ExplainPropertyInteger("Rows Affected", nullptr, report.affected_rows, es);
    ExplainPropertyInteger("Bytes Received", nullptr, report.bytes, es);
    PrintReports(state->reports, es);
}

static void ExplainScan(DistributedScanState* state, ExplainState* es) {
    int* shards = nullptr;
    int count = 0;
    bool known = executor::ShardsOfScan(state, &shards, &count);
    executor::TaskRunReport report = {};
    if (es->analyze) report = executor::ReportSoFar(state);
    if (report.task_count > 0) {
        known = known || state->shard_count > 0;
        if (shards == nullptr) count = state->shard_count;
    }
    PrintShards(state, known, count, es);
    if (es->analyze) PrintCounts(state, report, es);
    OpenTasks(es);
    if (es->analyze && state->reports != nullptr && state->reports->tasks != NIL)
        PrintDoneTasks(state, state->reports, es);
    else
        PrintPlannedTasks(state, shards, shards == nullptr ? 0 : count, es);
    CloseTasks(es);
}

static void ExplainInsert(CustomScanState* node, ExplainState* es) {
    plan::DistributedInsert insert = plan::ReadInsert(((CustomScan*)node->ss.ps.plan)->custom_private);
    const catalog::DistributedTable* table = catalog::GetTable(insert.relid);
    ExplainPropertyText("Into", get_rel_name(insert.relid), es);
    ExplainPropertyInteger("Shards", nullptr, table->group->shard_count, es);
    const TaskReports* reports = executor::ReportsOfInsert(node);
    if (!es->analyze || reports == nullptr || reports->tasks == NIL) return;
    ExplainPropertyInteger("Tasks", nullptr, reports->count, es);
    PrintReports(reports, es);
    const TaskReport* task = Representative(reports);
    OpenTasks(es);
    PrintTask(nullptr, task->node, task->shard_count, task->plan, es);
    CloseTasks(es);
}

extern "C" void HerdExplainScan(CustomScanState* node, List*, ExplainState* es) {
    postgres::Enter([&]() { ExplainScan((DistributedScanState*)node, es); });
}

extern "C" void HerdExplainInsert(CustomScanState* node, List*, ExplainState* es) {
    postgres::Enter([&]() { ExplainInsert(node, es); });
}

}  // namespace herd::observe
