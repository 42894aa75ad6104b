// Arguments of SQL functions that must not be NULL although the function is not strict.
#pragma once

#include "postgres/pg.h"

namespace herd::commands {

// Raises null_value_not_allowed naming the argument if it is NULL.
void RequireArgument(FunctionCallInfo fcinfo, int index, const char* name);
// The text argument as a C string; RequireArgument() included.
char* RequireTextArgument(FunctionCallInfo fcinfo, int index, const char* name);

}  // namespace herd::commands
