// Where a row is, in the form of a ctid of its distributed table: PostgreSQL's own nodes carry it from a scan to the place where the row is
// locked or changed. It holds the index of the shard and the row's ctid there, and means something only while the shards stay as they are.
// Users never see it.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"

extern "C" {
#include <storage/itemptr.h>
}

namespace herd::executor {

struct RowPlace {
    int shard_index;
    ItemPointerData ctid;
};

// Raises if the shard relation is too large for the number of shards (4 TB each with 1,024 shards of 8 kB blocks).
ItemPointerData PackRowPlace(const catalog::Group* group, const RowPlace& place);
RowPlace UnpackRowPlace(const catalog::Group* group, const ItemPointerData& packed);

}  // namespace herd::executor
