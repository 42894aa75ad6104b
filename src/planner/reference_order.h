// Writes of a reference table that run on every copy must not depend on the order in which a copy's rows are read.
#pragma once

#include "postgres/pg.h"

#include "base/result.h"

extern "C" {
#include <nodes/parsenodes.h>
}

#include <optional>

namespace herd::planner {

// Why an UPDATE or DELETE of a reference table could change its copies differently.
std::optional<Reason> FindOrderDependence(Query* query);

}  // namespace herd::planner
