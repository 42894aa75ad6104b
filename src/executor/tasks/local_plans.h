// Cached plans of tasks on this node's own shards.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/params.h>
#include <utils/plancache.h>
#include <utils/resowner.h>
}

namespace herd::executor {

// The plan of the task's text for these parameters; release it with ReleaseCachedPlan(plan, owner). keep: remember it for the
// next time, and pin it for the owner; else it lives in the current memory context and owner is null. The text is read under pg_catalog alone,
// and shard relations lose their permission bits.
CachedPlan* GetLocalPlan(const char* sql, ParamListInfo parameters, bool keep, ResourceOwner owner);

}  // namespace herd::executor
