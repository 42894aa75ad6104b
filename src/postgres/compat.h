// Every difference between PostgreSQL's major versions stands here.
#pragma once

#include "postgres/pg.h"

#if PG_VERSION_NUM < 150000 || PG_VERSION_NUM >= 160000
#error "Herd supports PostgreSQL 15"
#endif

namespace herd::postgres {

// WCO_VIEW_CONFLICT_CHECK: the conditions of a view on a row that ON CONFLICT DO UPDATE meets. It came with a minor version, and headers of
// earlier ones lack it.
inline constexpr int kViewConflictCheck = 6;

}  // namespace herd::postgres
