// From a Query over shells to SQL text with holes.
#pragma once

#include "postgres/pg.h"

#include "base/result.h"
#include "plan/sql_template.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::deparse {

// Deparses an analyzed and rewritten Query (before planning) whose every relation RTE is either a shell or a relation that
// exists under the same name on nodes. Works on a copy. Params print as $n: PARAM_EXTERN only. A parameter or constant
// whose type is user-defined prints with an explicit cast by qualified name; Params of user-defined types must already be
// wrapped by the caller (see plan/task_parameters).
// Raises feature_not_supported for what can't be deparsed faithfully.
plan::SqlTemplate DeparseQuery(const Query* query);

// The text with each hole filled by namer(relid, argument) (a quoted qualified name).
char* FillTemplate(const plan::SqlTemplate& sql, const char* (*namer)(Oid relid, void* argument), void* argument);

}  // namespace herd::deparse
