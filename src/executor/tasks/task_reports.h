// What the tasks of a scan did, for EXPLAIN ANALYZE: sums over all of them, and the first run's one by one.
#pragma once

#include "postgres/pg.h"

#include "base/ids.h"
#include "plan/plan_report.h"

extern "C" {
#include <portability/instr_time.h>
}

namespace herd::executor {

struct TaskReport {
    NodeId node;
    int shard_index;  // the first of its shards
    int shard_count;
    instr_time start;
    double milliseconds;
    uint64 rows;       // returned, or affected if none are returned
    const char* plan;  // as PrintPlan() wrote it; null if the node did not tell
};

struct Spread {
    double least;
    double most;
    double sum;
};

struct TaskReports {
    MemoryContext context;
    bool wants_plans;
    plan::PlanReportOptions options;
    List* tasks;      // TaskReport*, of the first run
    int64 count;      // tasks ended in all runs
    int runs;         // begun
    int connections;  // to other nodes, of the run at hand
    int most_connections;
    Spread milliseconds;
    Spread rows;
};

// For a scan that is measured. Everything is kept in the current memory context.
TaskReports* MakeTaskReports();

// How the nodes' plans are wanted; null if they aren't.
const plan::PlanReportOptions* PlanWanted(const TaskReports* reports);

void BeginRunReport(TaskReports* reports);
void AddConnections(TaskReports* reports, int connections);
// Of a scan's only run, whose tasks are to begin once more.
void ForgetTasks(TaskReports* reports);
TaskReport* BeginTaskReport(TaskReports* reports, NodeId node, int shard_index, int shard_count);
// plan may be null; it is copied.
void EndTaskReport(TaskReports* reports, TaskReport* task, uint64 affected_rows, const char* plan);

}  // namespace herd::executor
