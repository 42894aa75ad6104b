// The plan that a node has for one task of a fragment, as EXPLAIN prints it.
#pragma once

#include "postgres/pg.h"

#include "executor/distributed_scan.h"

extern "C" {
#include <commands/explain.h>
}

namespace herd::executor {

struct TaskPlan {
    const char* node_name;
    const char* sql;   // filled in for the shard
    const char* plan;  // EXPLAIN's text, null if it depends on values that aren't known yet
};

// Asks the node of the group's shard number shard_index; nothing is executed there. with_plan: false leaves `plan` null and asks nobody.
TaskPlan ExplainTask(DistributedScanState* state, int shard_index, const ExplainState* es, bool with_plan);

}  // namespace herd::executor
