// herd.sync_roles(): roles that were made where Herd did not see it.
#include "operations/node_roles.h"
#include "postgres/entry.h"

extern "C" {
#include <miscadmin.h>
}

using namespace herd;

HERD_FUNCTION(herd_sync_roles) {
    static_cast<void>(fcinfo);
    PreventCommandIfReadOnly("herd.sync_roles()");
    PG_RETURN_INT32(static_cast<int32>(operations::CreateMissingRoles()));
}
