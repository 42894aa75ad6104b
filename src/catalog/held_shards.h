// Which shards this node holds, and since which version of their map: herd.held_shard, which every node keeps for itself.
//
// A row is written in the transaction that makes the shard's relations, deleted in the one that gives the shard away, and updated in the one
// that changes its bounds or its copies. So a snapshot that sees the row sees the rows of the shard, too.
#pragma once

#include "postgres/pg.h"

#include "base/ids.h"

extern "C" {
#include <utils/snapshot.h>
}

namespace herd::catalog {

enum class Holding : uint8 {
    kHeld,
    kNotHeld,  // or the map has changed since that version
    kTooLate,  // the shard came after the snapshot was taken
};

// Does this node hold the shard in that snapshot, as a map of that version says? Who changes the shard needs it to be so now, too, and must
// have locked the relation that is changed. Where the answer is no, transactions that are changing it are waited for first, so that what is
// asked again with a new snapshot is settled.
//
// Exact though answers are remembered: what is remembered are rows that nobody was changing. Whoever changes one counts in shared memory
// before it commits, so with the count unchanged no snapshot taken so far can see a change.
Holding FindHolding(ShardId shard, uint32 map_version, Snapshot snapshot, bool changes);
// The same for a command without a snapshot or a version of its own: is the shard held now?
bool IsHeldNow(ShardId shard);

void RegisterHeldShards();  // in _PG_init

}  // namespace herd::catalog
