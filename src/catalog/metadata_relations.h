// The OIDs of Herd's own objects in this database, looked up once per change.
#pragma once

#include "postgres/pg.h"

namespace herd::catalog {

struct MetadataRelations {
    Oid node;
    Oid colocation;
    Oid colocation_pkey;
    Oid shard;
    Oid shard_group_id_idx;
    Oid placement;
    Oid placement_pkey;
    Oid distributed_table;
    Oid distributed_table_pkey;
    Oid held_shard;
    Oid held_shard_pkey;
};

// Null if the extension is not installed (or only half created) in this database.
const MetadataRelations* FindMetadataRelations();

// For invalidation callbacks: no catalog access.
bool IsMetadataRelation(Oid relid);
void ForgetMetadataRelations();

// The syscache callbacks behind HerdAccessMethod() and these OIDs.
void RegisterMetadataRelationCallbacks();

}  // namespace herd::catalog
