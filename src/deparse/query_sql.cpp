#include "deparse/query_sql.h"

#include "catalog/metadata.h"
#include "deparse/canonical_settings.h"
#include "deparse/query_fixes.h"
#include "deparse/template_holes.h"

extern "C" {
#include <utils/ruleutils.h>
}

namespace herd::deparse {

plan::SqlTemplate DeparseQuery(const Query* query) {
    return DeparseQuery(query, [](Oid relid) { return catalog::IsShell(relid); });
}

plan::SqlTemplate DeparseQuery(const Query* query, IsHole is_hole) {
    auto* copy = static_cast<Query*>(copyObjectImpl(query));
    MakeDeparsable(copy);
    CanonicalSettings settings = BeginCanonicalSettings();
    plan::SqlTemplate sql = MakeTemplate(pg_get_querydef(copy, false), is_hole);
    EndCanonicalSettings(settings);
    return sql;
}

}  // namespace herd::deparse
