#include "executor/scans/explain_task.h"

#include "catalog/metadata.h"
#include "executor/tasks/local_plans.h"
#include "executor/tasks/parameter_values.h"
#include "executor/tasks/task_shards.h"
#include "postgres/walk.h"
#include "transaction/session.h"

extern "C" {
#include <catalog/pg_type.h>
#include <executor/executor.h>
#include <optimizer/optimizer.h>
#include <utils/builtins.h>
#include <utils/resowner.h>
#include <utils/snapmgr.h>
}

namespace herd::executor {

static bool HasUnknownParamWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    if (IsA(node, Param)) {
        Param* param = (Param*)node;
        ParamListInfo known = (ParamListInfo)context;
        if (param->paramkind != PARAM_EXTERN) return true;
        return known == nullptr || param->paramid > known->numParams;
    }
    return postgres::WalkExpression(node, HasUnknownParamWalker, context);
}

// Are the values of the fragment's parameters known before it runs?
static bool ValuesAreKnown(DistributedScanState* state) {
    if (state->broadcasts != nullptr) return false;
    ParamListInfo known = state->css.ss.ps.ps_ExprContext->ecxt_param_list_info;
    ListCell* cell;
    foreach (cell, state->expression_states) {
        Node* expression = (Node*)((ExprState*)lfirst(cell))->expr;
        // Sequences must not move for an EXPLAIN.
        if (HasUnknownParamWalker(expression, known) || contain_volatile_functions(expression)) return false;
    }
    return true;
}

static const char* PlanOnOwnNode(const char* sql, ParamListInfo parameters, const plan::PlanReportOptions& options) {
    CachedPlan* plan = GetLocalPlan(sql, parameters, false, nullptr);
    PlannedStmt* statement = linitial_node(PlannedStmt, plan->stmt_list);
    QueryDesc* query_desc =
        CreateQueryDesc(statement, sql, GetActiveSnapshot(), InvalidSnapshot, None_Receiver, parameters, nullptr, 0);
    ExecutorStart(query_desc, EXEC_FLAG_EXPLAIN_ONLY);
    const char* text = plan::PrintPlan(query_desc, options);
    ExecutorEnd(query_desc);
    FreeQueryDesc(query_desc);
    ReleaseCachedPlan(plan, nullptr);
    return text;
}

static const char* FormatName(ExplainFormat format) {
    switch (format) {
        case EXPLAIN_FORMAT_JSON:
            return "json";
        case EXPLAIN_FORMAT_XML:
            return "xml";
        case EXPLAIN_FORMAT_YAML:
            return "yaml";
        case EXPLAIN_FORMAT_TEXT:
            break;
    }
    return "text";
}

// What EXPLAIN writes around the plan goes, leaving what PrintPlan() writes.
static const char* BodyOf(char* document, ExplainFormat format) {
    if (format == EXPLAIN_FORMAT_JSON) {
        char* end = strrchr(document, ']');
        if (end == nullptr) return document;
        *end = '\0';
        return strchr(document, '[') + 1;
    }
    if (format == EXPLAIN_FORMAT_XML) {
        char* begin = strstr(document, "<Query>");
        char* end = strstr(document, "</Query>");
        if (begin == nullptr || end == nullptr) return document;
        *end = '\0';
        return begin + strlen("<Query>");
    }
    if (format == EXPLAIN_FORMAT_YAML && document[0] == '-') document[0] = ' ';
    return document;
}

static cluster::RemoteStatement ExplainStatement(DistributedScanState* state, const PlannedTask& task,
                                                 ParamListInfo parameters, const plan::PlanReportOptions& options) {
    const plan::SqlTemplate& fragment = state->scan.sql;
    const catalog::Group* group = catalog::GetTable(state->scan.relid)->group;
    plan::TaskShard* names =
        (plan::TaskShard*)palloc((task.shard_count + fragment.hole_count) * sizeof(plan::TaskShard));
    for (int i = 0; i < task.shard_count; i++) names[i] = NameShard(group->shards[task.shards[i]]);
    int count = task.shard_count + NameReferenceShards(fragment, names + task.shard_count);
    auto word = [](bool on) { return on ? "on" : "off"; };
    cluster::RemoteStatement statement = {};
    statement.place.text = "EXPLAIN of a task";
    statement.sql = psprintf("EXPLAIN (COSTS %s, VERBOSE %s, SETTINGS %s, SUMMARY off, FORMAT %s) %s",
                             word(options.costs), word(options.verbose), word(options.settings),
                             FormatName(options.format), TaskText(fragment, task.shards, task.shard_count));
    statement.parameters = WireFormOf(parameters, TaskIdentity{task.node, 0, names, count, {}, 0, task.connections});
    return statement;
}

static const char* PlanOnNode(DistributedScanState* state, const PlannedTask& task, ParamListInfo parameters,
                              const plan::PlanReportOptions& options) {
    TupleDesc desc = CreateTemplateTupleDesc(1);
    TupleDescInitEntry(desc, 1, "QUERY PLAN", TEXTOID, -1, 0);
    transaction::Stream* stream = transaction::StartStream(task.node, transaction::Purpose::kRead, 0,
                                                           ExplainStatement(state, task, parameters, options), desc);
    TupleTableSlot* slot = MakeSingleTupleTableSlot(desc, &TTSOpsVirtual);
    StringInfoData lines;
    initStringInfo(&lines);
    while (transaction::NextRow(stream, slot))
        appendStringInfo(&lines, "%s\n", TextDatumGetCString(slot->tts_values[0]));
    ExecDropSingleTupleTableSlot(slot);
    transaction::EndStream(stream);
    return BodyOf(lines.data, options.format);
}

List* PlanTasks(const DistributedScanState* state, const int* shards, int shard_count) {
    FragmentCall call = {};
    call.relid = state->scan.relid;
    call.sql = state->scan.sql;
    call.shard_indexes = shards;
    call.shard_count = shard_count;
    call.order = state->scan.order;
    call.writes = state->scan.writes;
    call.locks_rows = state->scan.locks_rows;
    return DivideIntoTasks(call);
}

PlannedTask PlanSingleTask(const DistributedScanState* state, const int* shard) {
    return {ReadingNode(catalog::GetTable(state->scan.relid)->group->shards[*shard]), shard, 1, 1};
}

const char* AskForPlan(DistributedScanState* state, const PlannedTask& task, const plan::PlanReportOptions& options) {
    if (!ValuesAreKnown(state)) return nullptr;
    ParamListInfo parameters =
        EvaluateParameters(state->expression_states, state->scan.parameter_count, state->css.ss.ps.ps_ExprContext);
    if (task.node == kOwnNode)
        return PlanOnOwnNode(TaskText(state->scan.sql, task.shards, task.shard_count), parameters, options);
    return PlanOnNode(state, task, parameters, options);
}

}  // namespace herd::executor
