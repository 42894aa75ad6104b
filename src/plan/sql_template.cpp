#include "plan/sql_template.h"

extern "C" {
#include <nodes/value.h>
}

namespace herd::plan {

namespace {
enum TemplateField { kText, kOffsets, kRelids, kCombining };
}

List* WriteSqlTemplate(const SqlTemplate& sql) {
    List* offsets = NIL;
    List* relids = NIL;
    for (int i = 0; i < sql.hole_count; i++) {
        offsets = lappend_int(offsets, sql.holes[i].offset);
        relids = lappend_oid(relids, sql.holes[i].relid);
    }
    List* combining = sql.combining != nullptr ? list_make1(makeString(const_cast<char*>(sql.combining))) : NIL;
    return list_make4(makeString(const_cast<char*>(sql.text)), offsets, relids, combining);
}

SqlTemplate ReadSqlTemplate(List* node) {
    auto* offsets = static_cast<List*>(list_nth(node, kOffsets));
    auto* relids = static_cast<List*>(list_nth(node, kRelids));
    int count = list_length(offsets);
    auto* holes = static_cast<Hole*>(palloc(sizeof(Hole) * (count + 1)));
    for (int i = 0; i < count; i++) holes[i] = Hole{list_nth_int(offsets, i), list_nth_oid(relids, i)};
    auto* combining = static_cast<List*>(list_nth(node, kCombining));
    return SqlTemplate{strVal(list_nth(node, kText)), count, holes,
                       combining != NIL ? strVal(linitial(combining)) : nullptr};
}

}  // namespace herd::plan
