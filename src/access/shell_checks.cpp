#include "access/shell_checks.h"

#include "access/ddl_mode.h"
#include "base/sqlstates.h"
#include "catalog/metadata.h"

extern "C" {
#include <utils/rel.h>
}

namespace herd::access {

void CheckLibraryPreloaded() {
    if (IsLibraryPreloaded()) return;
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("distributed tables can't be used because the library \"herd\" is not preloaded"),
                    errhint("Add \"herd\" to shared_preload_libraries and restart the server.")));
}

void CheckDistributed(Relation shell) { catalog::GetTable(RelationGetRelid(shell)); }

void RaiseShellOperation(Relation shell, const char* operation) {
    CheckLibraryPreloaded();
    CheckDistributed(shell);
    ereport(ERROR,
            (errcode(kFeatureNotSupported),
             errmsg("%s on distributed table \"%s\" is not supported", operation, RelationGetRelationName(shell)),
             errdetail("The rows of the table are in its shards."),
             errhint("Use SELECT, INSERT, UPDATE, DELETE or COPY, or herd.undistribute_table().")));
    pg_unreachable();
}

}  // namespace herd::access
