// Reads the herd.* tables, by direct scans with a fresh catalog snapshot: no privileges of the user are asked for, changes
// committed by others are seen, and our own ones after CommandCounterIncrement().
// Results are allocated in the given memory context. Not cached here (metadata_cache.cpp).
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"
#include "catalog/metadata_relations.h"

namespace herd::catalog {

struct TableRow {
    GroupId group;
    int schema_number;
    AttrNumber key_attno;
    TransactionId inserted_by;
};

// False if herd.distributed_table has no row for the relation.
bool LoadTableRow(const MetadataRelations* relations, Oid relid, TableRow* row);

// Null if there is no such group. Raises if its shards do not cover the key space or lack placements.
Group* LoadGroup(const MetadataRelations* relations, GroupId id, MemoryContext context);

struct NodeList {
    NodeInfo** nodes;  // in order of id, the own node first
    int count;
};

NodeList LoadNodes(const MetadataRelations* relations, MemoryContext context);

}  // namespace herd::catalog
