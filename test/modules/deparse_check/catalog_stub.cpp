// The catalog as the tests need it, without a cluster: tables of schema shop are distributed, those named ref_… are
// reference tables.
#include "catalog/metadata.h"

extern "C" {
#include <utils/builtins.h>
#include <utils/lsyscache.h>
}

namespace herd::catalog {

bool IsShell(Oid relid) {
    const char* schema = get_namespace_name(get_rel_namespace(relid));
    return schema != nullptr && strcmp(schema, "shop") == 0;
}

}  // namespace herd::catalog
