#include "guard/plan_reports.h"

#include "base/sqlstates.h"
#include "guard/guard.h"
#include "plan/plan_report.h"

namespace herd::guard {

static bool IsWanted(const QueryDesc* query_desc, plan::PlanReportOptions* options) {
    return IsCurrentTask(query_desc) && plan::WantsPlanReport(options);
}

void MeasureTask(QueryDesc* query_desc) {
    plan::PlanReportOptions options;
    if (IsWanted(query_desc, &options)) query_desc->instrument_options |= options.instrument;
}

void SendPlanReport(QueryDesc* query_desc) {
    plan::PlanReportOptions options;
    if (!IsWanted(query_desc, &options) || options.instrument == 0) return;
    ereport(INFO, (errcode(kPlanReport), errmsg_internal("%s", plan::PrintPlan(query_desc, options)), errhidestmt(true),
                   errhidecontext(true)));
}

}  // namespace herd::guard
