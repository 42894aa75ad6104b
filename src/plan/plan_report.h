// A node's plan of one task, with what it did, as EXPLAIN ANALYZE on the coordinator wants to print it.
//
// While such a statement runs, the setting herd.plan_report says how; it travels to the nodes like the user's settings. A node then measures
// its tasks, and behind each task's rows it sends the plan as an INFO message with SQLSTATE kPlanReport.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <commands/explain.h>
}

namespace herd::plan {

struct PlanReportOptions {
    ExplainFormat format;
    bool costs;
    bool verbose;
    bool settings;
    int instrument;  // InstrumentOption bits; 0: the task is not executed
};

void RegisterPlanSettings();

// Of an EXPLAIN statement with ANALYZE: the value for herd.plan_report, for which the instrumentation is `instrument`.
char* FormatPlanReport(const PlanReportOptions& options);
// What the setting says at the moment. False: no reports are wanted.
bool WantsPlanReport(PlanReportOptions* options);

// The body of the plan in the wanted format, for a place inside another one: the lines of text, the object of JSON, the elements of XML,
// the lines of YAML. The statement has been started, and if it is to be measured, has run.
char* PrintPlan(QueryDesc* query_desc, const PlanReportOptions& options);

}  // namespace herd::plan
