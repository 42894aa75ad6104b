#include "executor/explain_task.h"

#include "catalog/metadata.h"
#include "deparse/shard_sql.h"
#include "executor/local_plans.h"
#include "executor/parameter_values.h"
#include "executor/task_shards.h"
#include "postgres/walk.h"
#include "transaction/session.h"

extern "C" {
#include <catalog/pg_type.h>
#include <executor/executor.h>
#include <optimizer/optimizer.h>
#include <utils/builtins.h>
#include <utils/resowner.h>
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
    ParamListInfo known = state->css.ss.ps.ps_ExprContext->ecxt_param_list_info;
    ListCell* cell;
    foreach (cell, state->expression_states) {
        Node* expression = (Node*)((ExprState*)lfirst(cell))->expr;
        // Sequences must not move for an EXPLAIN.
        if (HasUnknownParamWalker(expression, known) || contain_volatile_functions(expression)) return false;
    }
    return true;
}

static const char* ExplainOnOwnNode(const char* sql, ParamListInfo parameters, const ExplainState* es) {
    ExplainState* inner = NewExplainState();
    inner->costs = es->costs;
    inner->verbose = es->verbose;
    inner->format = EXPLAIN_FORMAT_TEXT;
    CachedPlan* plan = GetLocalPlan(sql, parameters, false, nullptr);
    ExplainOnePlan((PlannedStmt*)linitial(plan->stmt_list), nullptr, inner, sql, parameters, nullptr, nullptr, nullptr);
    ReleaseCachedPlan(plan, nullptr);
    return inner->str->data;
}

static const char* ExplainOnNode(NodeId node, const catalog::Shard& shard, const char* sql,
                                 const plan::SqlTemplate& fragment, ParamListInfo parameters, const ExplainState* es) {
    TupleDesc desc = CreateTemplateTupleDesc(1);
    TupleDescInitEntry(desc, 1, "QUERY PLAN", TEXTOID, -1, 0);
    plan::TaskShard* shards = (plan::TaskShard*)palloc((fragment.hole_count + 1) * sizeof(plan::TaskShard));
    shards[0] = NameShard(shard);
    int count = 1 + NameReferenceShards(fragment, shards + 1);
    cluster::RemoteStatement statement = {};
    statement.sql =
        psprintf("EXPLAIN (COSTS %s, VERBOSE %s) %s", es->costs ? "on" : "off", es->verbose ? "on" : "off", sql);
    statement.parameters = WireFormOf(parameters, TaskIdentity{0, shards, count});
    transaction::Stream* stream =
        transaction::StartStream(node, transaction::Purpose::kRead, 0, statement, desc, "EXPLAIN of a task");
    TupleTableSlot* slot = MakeSingleTupleTableSlot(desc, &TTSOpsVirtual);
    StringInfoData lines;
    initStringInfo(&lines);
    while (transaction::NextRow(stream, slot)) {
        char* line = TextDatumGetCString(slot->tts_values[0]);
        appendStringInfo(&lines, "%s\n", line);
    }
    ExecDropSingleTupleTableSlot(slot);
    transaction::EndStream(stream);
    return lines.data;
}

TaskPlan ExplainTask(DistributedScanState* state, int shard_index, const ExplainState* es, bool with_plan) {
    const catalog::Shard& shard = catalog::GetTable(state->scan.relid)->group->shards[shard_index];
    NodeId node = shard.nodes[0];
    TaskPlan task = {catalog::GetNode(node)->name, deparse::FillTemplateForShard(state->scan.sql, shard_index),
                     nullptr};
    if (!with_plan || !ValuesAreKnown(state)) return task;
    ParamListInfo parameters =
        EvaluateParameters(state->expression_states, state->scan.parameter_count, state->css.ss.ps.ps_ExprContext);
    task.plan = node == kOwnNode ? ExplainOnOwnNode(task.sql, parameters, es)
                                 : ExplainOnNode(node, shard, task.sql, state->scan.sql, parameters, es);
    return task;
}

}  // namespace herd::executor
