// herd.take_setting(): how a coordinator gives a node's session the user's custom settings. The service role may set more than the user, so
// the setting is made with the rights of a role that has none; where it can't be (here it is one of an extension, for superusers or with
// other values) this server's own stays.
#include "postgres/entry.h"
#include "transaction/task_scope.h"

extern "C" {
#include <utils/builtins.h>
#include <utils/guc.h>
}

using namespace herd;

HERD_FUNCTION(herd_take_setting) {
    if (PG_ARGISNULL(0)) PG_RETURN_BOOL(false);
    const char* name = text_to_cstring(PG_GETARG_TEXT_PP(0));
    const char* value = PG_ARGISNULL(1) ? nullptr : text_to_cstring(PG_GETARG_TEXT_PP(1));
    int result = set_config_option_ext(name, value, PGC_USERSET, PGC_S_SESSION, transaction::kReaderOfAll,
                                       GUC_ACTION_SET, true, DEBUG1, false);
    PG_RETURN_BOOL(result > 0);
}
