// Text search without a named configuration takes default_text_search_config, which does not travel: a node may lack the configuration. Its
// name does, as a parameter.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/primnodes.h>
}

namespace herd::planner {

// to_tsvector(x) as to_tsvector(get_current_ts_config(), x), and likewise; null if the function is none of these, or the configuration
// of the moment is a user's own.
FuncExpr* WithTextSearchConfiguration(const FuncExpr* call);

}  // namespace herd::planner
