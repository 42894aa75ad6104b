// What the nodes know of a shell's size, without reading its rows.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <utils/relcache.h>
}

namespace herd::access {

struct ShardTotals {
    double pages;  // of all shards
    double rows;   // by the density that each shard had when it was last analyzed; -1: one never was
};

// Asks every node once, inside the transaction. Of a reference table: one copy. The shell must be distributed.
ShardTotals AskShardTotals(Relation shell);

}  // namespace herd::access
