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

void CheckDistributed(Relation shell) {
    if (catalog::FindTable(RelationGetRelid(shell)) != nullptr) return;
    ereport(ERROR, (errcode(kNotDistributed), errmsg("table \"%s\" is not distributed", RelationGetRelationName(shell)),
                    errdetail("Its access method is herd, but nothing says where its rows are."),
                    errhint("Call herd.create_distributed_table() or herd.create_reference_table().")));
}

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
