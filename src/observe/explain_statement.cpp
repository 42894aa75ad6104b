#include "observe/explain_statement.h"

#include "observe/explain.h"
#include "plan/plan_report.h"

extern "C" {
#include <commands/defrem.h>
#include <executor/instrument.h>
#include <utils/guc.h>
}

namespace herd::observe {

static const int kNoLevel = 0;

namespace {

struct ExplainOptions {
    plan::PlanReportOptions report;
    bool analyze;
};

}  // namespace

static ExplainFormat FormatOf(DefElem* option) {
    const char* name = defGetString(option);
    if (strcmp(name, "json") == 0) return EXPLAIN_FORMAT_JSON;
    if (strcmp(name, "xml") == 0) return EXPLAIN_FORMAT_XML;
    if (strcmp(name, "yaml") == 0) return EXPLAIN_FORMAT_YAML;
    return EXPLAIN_FORMAT_TEXT;
}

// Options that PostgreSQL will refuse are its business.
static ExplainOptions OptionsOf(const ExplainStmt* statement) {
    bool analyze = false, timing = true, buffers = false, wal = false;
    plan::PlanReportOptions report = {EXPLAIN_FORMAT_TEXT, true, false, false, 0};
    struct {
        const char* name;
        bool* value;
    } flags[] = {{"analyze", &analyze},    {"timing", &timing},          {"buffers", &buffers},         {"wal", &wal},
                 {"costs", &report.costs}, {"verbose", &report.verbose}, {"settings", &report.settings}};
    ListCell* cell;
    foreach (cell, statement->options) {
        DefElem* option = (DefElem*)lfirst(cell);
        if (strcmp(option->defname, "format") == 0) report.format = FormatOf(option);
        for (const auto& flag : flags)
            if (strcmp(option->defname, flag.name) == 0) *flag.value = defGetBoolean(option);
    }
    report.instrument =
        (timing ? INSTRUMENT_TIMER : INSTRUMENT_ROWS) | (buffers ? INSTRUMENT_BUFFERS : 0) | (wal ? INSTRUMENT_WAL : 0);
    return {report, analyze};
}

int EnterExplain(Node* statement) {
    if (!IsA(statement, ExplainStmt) || !ShowsNodePlans()) return kNoLevel;
    ExplainOptions options = OptionsOf((ExplainStmt*)statement);
    if (!options.analyze) return kNoLevel;
    int level = NewGUCNestLevel();
    (void)set_config_option("herd.plan_report", plan::FormatPlanReport(options.report), PGC_USERSET, PGC_S_SESSION,
                            GUC_ACTION_SAVE, true, 0, false);
    return level;
}

void LeaveExplain(int level) {
    if (level != kNoLevel) AtEOXact_GUC(true, level);
}

}  // namespace herd::observe
