// Drops need no handler: the object access hook sees them all. Only the extension must not go while it is needed.
#include "commands/ddl/handlers.h"
#include "operations/local_sql.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::commands {

static bool DropsExtension(const DropStmt* statement) {
    if (statement->removeType != OBJECT_EXTENSION) return false;
    ListCell* cell;
    foreach (cell, statement->objects)
        if (strcmp(strVal(lfirst(cell)), "herd") == 0) return true;
    return false;
}

void HandleDrop(UtilityCall& call) {
    if (DropsExtension(reinterpret_cast<DropStmt*>(call.statement->utilityStmt))) {
        int64 tables = operations::QueryLocalInteger("SELECT count(*) FROM herd.distributed_table", {});
        if (tables > 0)
            ereport(ERROR, (errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
                            errmsg("cannot drop extension herd while there are distributed tables"),
                            errdetail_plural("%lld table is distributed.", "%lld tables are distributed.", tables,
                                             static_cast<long long>(tables)),
                            errhint("Drop them, or make them local with herd.undistribute_table(); the view "
                                    "herd.tables lists them.")));
    }
    RunStandard(call);
}

}  // namespace herd::commands
