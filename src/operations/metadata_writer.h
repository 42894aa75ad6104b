// Writes the herd.* tables: groups with their shards and placements, and which table is in which group. All in the
// caller's transaction, as superuser; what was written is seen by catalog/metadata.h at once, by other sessions at commit.
#pragma once

#include "postgres/pg.h"

#include "base/ids.h"
#include "catalog/metadata.h"

namespace herd::operations {

// What a hash group is made for; tables of one group agree in all of it.
struct HashKey {
    KeyClass key_class;
    Oid collation;
};

// Other sessions that make or remove groups wait until the end of this transaction.
void LockGroups();

// The group that colocate_with => 'default' joins; nothing if there is none yet.
std::optional<GroupId> FindDefaultGroup(HashKey key, int shard_count);
// The group whose tables carry this uuid in their security labels.
std::optional<GroupId> FindGroupByLabel(const char* label);
std::optional<GroupId> FindReferenceGroup();
char* GroupLabel(GroupId group);
bool IsDefaultGroup(GroupId group);

// A new group with shards of equal hash ranges, dealt out to the nodes that hold shards. label: a uuid, null for a new one.
GroupId CreateHashGroup(HashKey key, int shard_count, bool is_default, const char* label);
// One shard, with a placement on every node.
GroupId CreateReferenceGroup(const char* label);
// Reference tables get a copy on a node that was added. Who doesn't know of it must not write them: the nodes are told of a new version.
void AddReferencePlacement(GroupId group, NodeId node);
// The node's copies of reference tables are gone.
void RemoveReferencePlacements(NodeId node);

// Registers the table and gives its schema a number in the group.
void InsertTable(Oid relid, GroupId group, AttrNumber key_attno);
// Forgets the table; its group too if it was the last one: then returns true.
bool DeleteTable(Oid relid, GroupId group, int schema_number);
// Does no other table of the group live in that schema?
bool IsSchemaUnused(GroupId group, int schema_number);

}  // namespace herd::operations
