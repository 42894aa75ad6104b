#include "deparse/query_sql.h"

#include "catalog/metadata.h"
#include "deparse/canonical_settings.h"
#include "deparse/query_fixes.h"
#include "deparse/template_holes.h"

extern "C" {
#include <utils/ruleutils.h>
}

namespace herd::deparse {

namespace {
bool IsShell(Oid relid, void*) { return catalog::IsShell(relid); }
}  // namespace

plan::SqlTemplate DeparseQuery(const Query* query) {
    auto* copy = static_cast<Query*>(copyObjectImpl(query));
    MakeDeparsable(copy);
    CanonicalSettings settings = BeginCanonicalSettings();
    plan::SqlTemplate sql = MakeTemplate(pg_get_querydef(copy, false), IsShell, nullptr);
    EndCanonicalSettings(settings);
    return sql;
}

}  // namespace herd::deparse
