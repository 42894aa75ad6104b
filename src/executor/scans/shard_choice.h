// Which shards a scan visits, by the values of the moment.
#pragma once

#include "postgres/pg.h"

#include "plan/distributed_plan.h"

namespace herd::executor {

struct ShardChoice {
    int* indexes;  // in the group, ascending, each once
    int count;
};

// key: the value of the pruning expression (an array for kByKeyArray); unused for kAllShards and kNullKey.
ShardChoice ChooseShards(const plan::DistributedScan& scan, Oid key_type, Datum key, bool key_is_null);

}  // namespace herd::executor
