#include "observe/nested_plan.h"

namespace herd::observe {

static const int kIndentWidth = 2;
static const char kArrow[] = "->  ";

// How many spaces all lines begin with.
static int CommonIndent(const char* lines) {
    int common = INT_MAX;
    for (const char* line = lines; *line != '\0';) {
        const char* end = strchrnul(line, '\n');
        int indent = (int)strspn(line, " ");
        if (line + indent < end) common = Min(common, indent);
        line = *end == '\n' ? end + 1 : end;
    }
    return common == INT_MAX ? 0 : common;
}

// The lines below each other, `indent` spaces to the right. No line break behind the last. first: what comes before the first, which then has
// no indent.
static void AppendLines(StringInfo out, const char* lines, int indent, const char* first) {
    int common = CommonIndent(lines);
    bool is_first = true;
    for (const char* line = lines; *line != '\0';) {
        const char* end = strchrnul(line, '\n');
        if (end - line > common) {
            if (!is_first) appendStringInfoChar(out, '\n');
            if (is_first && first != nullptr)
                appendStringInfoString(out, first);
            else
                appendStringInfoSpaces(out, indent);
            appendBinaryStringInfo(out, line + common, end - line - common);
            is_first = false;
        }
        line = *end == '\n' ? end + 1 : end;
    }
}

static void PrintText(const char* body, ExplainState* es) {
    appendStringInfoSpaces(es->str, es->indent * kIndentWidth);
    AppendLines(es->str, body, es->indent * kIndentWidth + (int)strlen(kArrow), kArrow);
    appendStringInfoChar(es->str, '\n');
}

// Other properties come before, so a comma and line breaks are due. The body is an object whose only members are "Plan" and perhaps "Settings"; they become members of ours.
static void PrintJson(const char* body, ExplainState* es) {
    const char* begin = strchr(body, '{');
    const char* end = strrchr(body, '}');
    if (begin == nullptr || end == nullptr) return;
    char* members = pnstrdup(begin + 1, end - begin - 1);
    appendStringInfoString(es->str, ",\n");
    AppendLines(es->str, members, es->indent * kIndentWidth, nullptr);
}

static void PrintYaml(const char* body, ExplainState* es) {
    appendStringInfoChar(es->str, '\n');
    AppendLines(es->str, body, es->indent * kIndentWidth, nullptr);
}

static void PrintXml(const char* body, ExplainState* es) {
    AppendLines(es->str, body, es->indent * kIndentWidth, nullptr);
    appendStringInfoChar(es->str, '\n');
}

void PrintNestedPlan(const char* body, ExplainState* es) {
    switch (es->format) {
        case EXPLAIN_FORMAT_TEXT:
            PrintText(body, es);
            return;
        case EXPLAIN_FORMAT_JSON:
            PrintJson(body, es);
            return;
        case EXPLAIN_FORMAT_YAML:
            PrintYaml(body, es);
            return;
        case EXPLAIN_FORMAT_XML:
            PrintXml(body, es);
            return;
    }
}

}  // namespace herd::observe
