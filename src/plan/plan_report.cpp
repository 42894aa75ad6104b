#include "plan/plan_report.h"

extern "C" {
#include <executor/instrument.h>
#include <nodes/pg_list.h>
#include <utils/guc.h>
}

namespace herd::plan {

static char* plan_report_setting;

static const char kLetters[] = "tjxy";  // of text, JSON, XML, YAML
static const ExplainFormat kFormats[] = {EXPLAIN_FORMAT_TEXT, EXPLAIN_FORMAT_JSON, EXPLAIN_FORMAT_XML,
                                         EXPLAIN_FORMAT_YAML};

void RegisterPlanSettings() {
    DefineCustomStringVariable("herd.plan_report", "How EXPLAIN ANALYZE wants the nodes' plans.",
                               "Set for the time of such a statement.", &plan_report_setting, "", PGC_USERSET,
                               GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE | GUC_DISALLOW_IN_FILE, nullptr, nullptr, nullptr);
}

char* FormatPlanReport(const PlanReportOptions& options) {
    char letter = 't';
    for (int i = 0; i < (int)lengthof(kFormats); i++)
        if (kFormats[i] == options.format) letter = kLetters[i];
    return psprintf("%c%d%d%d:%d", letter, options.costs, options.verbose, options.settings, options.instrument);
}

// A user may have set it to anything.
bool WantsPlanReport(PlanReportOptions* options) {
    if (plan_report_setting == nullptr || plan_report_setting[0] == '\0') return false;
    char letter;
    int costs, verbose, settings, instrument;
    if (sscanf(plan_report_setting, "%c%1d%1d%1d:%d", &letter, &costs, &verbose, &settings, &instrument) != 5)
        return false;
    const char* found = strchr(kLetters, letter);
    if (found == nullptr || *found == '\0') return false;
    *options = {kFormats[found - kLetters], costs != 0, verbose != 0, settings != 0, instrument & INSTRUMENT_ALL};
    return true;
}

char* PrintPlan(QueryDesc* query_desc, const PlanReportOptions& options) {
    ExplainState* es = NewExplainState();
    es->format = options.format;
    es->costs = options.costs;
    es->verbose = options.verbose;
    es->settings = options.settings;
    es->analyze = options.instrument != 0;
    es->timing = (options.instrument & INSTRUMENT_TIMER) != 0;
    es->buffers = (options.instrument & INSTRUMENT_BUFFERS) != 0;
    es->wal = (options.instrument & INSTRUMENT_WAL) != 0;
    if (es->format != EXPLAIN_FORMAT_TEXT) es->grouping_stack = list_make1_int(0);
    if (es->format == EXPLAIN_FORMAT_JSON) {
        appendStringInfoChar(es->str, '{');
        es->indent++;
    }
    ExplainPrintPlan(es, query_desc);
    if (es->format == EXPLAIN_FORMAT_JSON) appendStringInfoString(es->str, "\n}");
    return es->str->data;
}

}  // namespace herd::plan
