#include "postgres/pg.h"

#include "extension/hooks.h"
#include "postgres/entry.h"
#include "postgres/nesting.h"
#include "transaction/task_scope.h"

extern "C" {
#include <access/xact.h>
#include <executor/executor.h>
#include <optimizer/planner.h>
#include <parser/analyze.h>
}

namespace herd::extension {

static planner_hook_type previous_planner;
static ExecutorStart_hook_type previous_executor_start;
static ExecutorRun_hook_type previous_executor_run;
static ExecutorFinish_hook_type previous_executor_finish;
static post_parse_analyze_hook_type previous_post_parse_analyze;

extern "C" {

static PlannedStmt* HerdPlanner(Query* parse, const char* query_string, int cursor_options, ParamListInfo params) {
    return postgres::Enter([&]() -> PlannedStmt* {
        PlannedStmt* volatile plan = nullptr;
        postgres::WithNesting(transaction::PlannerNesting, [&]() {
            plan = previous_planner ? previous_planner(parse, query_string, cursor_options, params)
                                    : standard_planner(parse, query_string, cursor_options, params);
        });
        return plan;
    });
}

static void HerdPostParseAnalyze(ParseState* pstate, Query* query, JumbleState* jstate) {
    postgres::Enter([&]() {
        if (previous_post_parse_analyze) previous_post_parse_analyze(pstate, query, jstate);
        if (transaction::IsTaskText()) transaction::ClearShardPermissions(query);
    });
}

static void HerdExecutorStart(QueryDesc* query_desc, int eflags) {
    postgres::Enter([&]() {
        if (previous_executor_start)
            previous_executor_start(query_desc, eflags);
        else
            standard_ExecutorStart(query_desc, eflags);
    });
}

static void HerdExecutorRun(QueryDesc* query_desc, ScanDirection direction, uint64 count, bool execute_once) {
    postgres::Enter([&]() {
        postgres::WithNesting(transaction::ExecutorNesting, [&]() {
            if (previous_executor_run)
                previous_executor_run(query_desc, direction, count, execute_once);
            else
                standard_ExecutorRun(query_desc, direction, count, execute_once);
        });
    });
}

static void HerdExecutorFinish(QueryDesc* query_desc) {
    postgres::Enter([&]() {
        postgres::WithNesting(transaction::ExecutorNesting, [&]() {
            if (previous_executor_finish)
                previous_executor_finish(query_desc);
            else
                standard_ExecutorFinish(query_desc);
        });
    });
}

static void ScopeTransactionCallback(XactEvent event, void*) {
    if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
        transaction::ResetTaskScope();
}

}  // extern "C"

void InstallHooks() {
    previous_planner = planner_hook;
    planner_hook = HerdPlanner;
    previous_post_parse_analyze = post_parse_analyze_hook;
    post_parse_analyze_hook = HerdPostParseAnalyze;
    previous_executor_start = ExecutorStart_hook;
    ExecutorStart_hook = HerdExecutorStart;
    previous_executor_run = ExecutorRun_hook;
    ExecutorRun_hook = HerdExecutorRun;
    previous_executor_finish = ExecutorFinish_hook;
    ExecutorFinish_hook = HerdExecutorFinish;
    RegisterXactCallback(ScopeTransactionCallback, nullptr);
}

}  // namespace herd::extension
