#include "observe/explain.h"

#include "catalog/metadata.h"
#include "executor/distributed_scan.h"
#include "executor/explain_task.h"
#include "plan/distributed_plan.h"
#include "postgres/entry.h"

extern "C" {
#include <utils/guc.h>
#include <utils/lsyscache.h>
}

namespace herd::observe {

static bool explain_node_plans = true;

void RegisterObserveSettings() {
    DefineCustomBoolVariable("herd.explain_node_plans", "EXPLAIN asks a node for its plan of one task.",
                             "Off: EXPLAIN contacts no other node unless it has to run the statement.",
                             &explain_node_plans, true, PGC_USERSET, GUC_EXPLAIN, nullptr, nullptr, nullptr);
}

// A node's plan, line by line below the scan.
static void PrintNodePlan(const char* plan, ExplainState* es) {
    if (es->format != EXPLAIN_FORMAT_TEXT) {
        ExplainPropertyText("Node Plan", plan, es);
        return;
    }
    const char* line = plan;
    while (*line != '\0') {
        const char* end = strchrnul(line, '\n');
        if (end > line) {
            appendStringInfoSpaces(es->str, es->indent * 2 + 2);
            appendBinaryStringInfo(es->str, line, end - line);
            appendStringInfoChar(es->str, '\n');
        }
        line = *end == '\n' ? end + 1 : end;
    }
}

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

static void PrintTask(executor::DistributedScanState* state, int shard_index, ExplainState* es) {
    executor::TaskPlan task = executor::ExplainTask(state, shard_index, es, explain_node_plans);
    ExplainPropertyText("Task", OnOneLine(task.sql), es);
    ExplainPropertyText("Node", task.node_name, es);
    if (task.plan != nullptr) PrintNodePlan(task.plan, es);
}

static void ExplainScan(executor::DistributedScanState* state, ExplainState* es) {
    const catalog::Group* group = catalog::GetTable(state->scan.relid)->group;
    int* shards = nullptr;
    int count = 0;
    bool known = executor::ShardsOfScan(state, &shards, &count);
    if (es->analyze && state->report.task_count > 0) {
        known = known || state->shard_count > 0;
        if (shards == nullptr) count = state->shard_count;
    }
    if (known)
        ExplainPropertyText("Shards", psprintf("%d of %d", count, group->shard_count), es);
    else
        ExplainPropertyText("Shards", psprintf("by parameter, of %d", group->shard_count), es);
    if (es->analyze) {
        ExplainPropertyInteger("Tasks", nullptr, state->report.task_count, es);
        if (state->scan.writes) ExplainPropertyInteger("Rows Affected", nullptr, state->report.affected_rows, es);
        ExplainPropertyInteger("Bytes Received", nullptr, state->report.bytes, es);
    }
    int shown = shards != nullptr && count > 0 ? shards[0] : 0;
    PrintTask(state, shown, es);
}

static void ExplainInsert(CustomScanState* node, ExplainState* es) {
    plan::DistributedInsert insert = plan::ReadInsert(((CustomScan*)node->ss.ps.plan)->custom_private);
    const catalog::DistributedTable* table = catalog::GetTable(insert.relid);
    ExplainPropertyText("Into", get_rel_name(insert.relid), es);
    ExplainPropertyInteger("Shards", nullptr, table->group->shard_count, es);
}

extern "C" void HerdExplainScan(CustomScanState* node, List*, ExplainState* es) {
    postgres::Enter([&]() { ExplainScan((executor::DistributedScanState*)node, es); });
}

extern "C" void HerdExplainInsert(CustomScanState* node, List*, ExplainState* es) {
    postgres::Enter([&]() { ExplainInsert(node, es); });
}

}  // namespace herd::observe
