// Cached plans of tasks on this node's own shards.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/params.h>
#include <utils/plancache.h>
}

namespace herd::executor {

// The plan of the task's text for these parameters, pinned for the current resource owner (release it with
// ReleaseCachedPlan). keep: remember it for the next time. The text is read under pg_catalog alone, and shard relations lose their permission bits.
CachedPlan* GetLocalPlan(const char* sql, ParamListInfo parameters, bool keep);

}  // namespace herd::executor
