#include "commands/arguments.h"

extern "C" {
#include <utils/builtins.h>
}

namespace herd::commands {

void RequireArgument(FunctionCallInfo fcinfo, int index, const char* name) {
    if (PG_ARGISNULL(index))
        ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("argument \"%s\" must not be null", name)));
}

char* RequireTextArgument(FunctionCallInfo fcinfo, int index, const char* name) {
    RequireArgument(fcinfo, index, name);
    return text_to_cstring(PG_GETARG_TEXT_PP(index));
}

}  // namespace herd::commands
