#include "executor/tasks/task_reports.h"

namespace herd::executor {

TaskReports* MakeTaskReports() {
    TaskReports* reports = (TaskReports*)palloc0(sizeof(TaskReports));
    reports->context = CurrentMemoryContext;
    reports->wants_plans = plan::WantsPlanReport(&reports->options);
    return reports;
}

const plan::PlanReportOptions* PlanWanted(const TaskReports* reports) {
    return reports->wants_plans ? &reports->options : nullptr;
}

void BeginRunReport(TaskReports* reports) {
    reports->runs++;
    reports->connections = 0;
}

void AddConnections(TaskReports* reports, int connections) {
    reports->connections += connections;
    reports->most_connections = Max(reports->most_connections, reports->connections);
}

void ForgetTasks(TaskReports* reports) {
    reports->tasks = NIL;
    reports->count = 0;
    reports->milliseconds = reports->rows = {};
}

TaskReport* BeginTaskReport(TaskReports* reports, NodeId node, int shard_index, int shard_count) {
    MemoryContext caller = MemoryContextSwitchTo(reports->context);
    TaskReport* task = (TaskReport*)palloc0(sizeof(TaskReport));
    task->node = node;
    task->shard_index = shard_index;
    task->shard_count = shard_count;
    if (reports->runs <= 1) reports->tasks = lappend(reports->tasks, task);
    INSTR_TIME_SET_CURRENT(task->start);
    MemoryContextSwitchTo(caller);
    return task;
}

static void AddTo(Spread* spread, double value, bool first) {
    spread->least = first ? value : Min(spread->least, value);
    spread->most = first ? value : Max(spread->most, value);
    spread->sum += value;
}

void EndTaskReport(TaskReports* reports, TaskReport* task, uint64 affected_rows, const char* plan) {
    instr_time now;
    INSTR_TIME_SET_CURRENT(now);
    INSTR_TIME_SUBTRACT(now, task->start);
    task->milliseconds = INSTR_TIME_GET_MILLISEC(now);
    task->rows = Max(task->rows, affected_rows);
    AddTo(&reports->milliseconds, task->milliseconds, reports->count == 0);
    AddTo(&reports->rows, (double)task->rows, reports->count == 0);
    reports->count++;
    if (reports->runs > 1)
        pfree(task);
    else if (plan != nullptr)
        task->plan = MemoryContextStrdup(reports->context, plan);
}

}  // namespace herd::executor
