// Making a table distributed, and local again. Both check first (owner, kind, rules) and change nothing if a check fails.
#pragma once

#include "postgres/pg.h"

#include "commands/distribution_label.h"

namespace herd::commands {

struct DistributionRequest {
    Oid relid;
    const char* caller;  // for messages: "herd.create_distributed_table()"
    catalog::Method method;
    const char* column;         // null for reference
    int shard_count;            // 0: herd.shard_count
    const char* colocate_with;  // 'default', 'none', or a table; null with group_label
    const char* group_label;    // join the group of this uuid, or make it
    bool new_group_is_default;
};

// Rows of a filled table move into the shards, with a notice. Takes AccessExclusiveLock.
void DistributeTable(const DistributionRequest& request);
void UndistributeTable(Oid relid);

}  // namespace herd::commands
