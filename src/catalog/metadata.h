// What this backend knows of the cluster: which tables are distributed and how, where shards lie, which nodes exist.
// Read from the herd.* tables on demand and cached per backend; a change committed by any session is seen
// at the next statement. Pointers stay valid until the end of the current transaction, even if the metadata is
// invalidated meanwhile (old generations are freed only then); so never keep one in a plan, keep OIDs.
#pragma once

#include "postgres/pg.h"

#include "base/ids.h"
#include "sharding/key_class.h"

namespace herd::catalog {

enum class Method : uint8 { kHash, kReference };

struct NodeInfo {
    NodeId id;  // kOwnNode: this server, tasks run in process
    const char* name;
    Oid server;         // the SERVER that says how to connect; InvalidOid for the own node
    bool holds_shards;  // new shards may be placed here
    int protocol;       // the version that tasks for it have
};

struct Shard {
    ShardId id;
    uint32 lower_hash;   // inclusive; 0 for reference
    uint32 upper_hash;   // inclusive; UINT32_MAX for reference
    uint32 map_version;  // counts changes of bounds and placements
    int node_count;      // 1 for hash; all nodes for reference
    const NodeId* nodes;
};

struct Group {
    GroupId id;
    Method method;
    KeyClass key_class;  // meaningless for reference
    Oid key_collation;
    int shard_count;
    const Shard* shards;  // ordered by lower_hash
};

struct DistributedTable {
    Oid relid;
    const Group* group;
    int schema_number;
    AttrNumber key_attno;  // InvalidAttrNumber for reference tables
    Oid key_type;
    int32 key_typmod;
    Oid key_collation;
    TransactionId distributed_by;  // to be compared with snapshots

    bool is_reference() const { return group->method == Method::kReference; }
};

// Is the relation a shell, i.e. is its access method herd? One syscache lookup; true too for a herd
// table that has no distribution (yet).
bool IsShell(Oid relid);

// The OID of access method herd in this database, InvalidOid if the extension isn't there.
Oid HerdAccessMethod();

// Null if the relation is not distributed.
const DistributedTable* FindTable(Oid relid);
// Raises kNotDistributed with a hint for a shell without distribution and for any other relation.
const DistributedTable* GetTable(Oid relid);

const Group* GetGroup(GroupId id);

// Nodes in order of id; the own node is always there, first.
const NodeInfo* const* AllNodes(int* count);
const NodeInfo* GetNode(NodeId id);
const NodeInfo* FindNodeByName(const char* name);

// Index into group->shards of the shard that holds this hash (always exists).
int ShardIndexOfHash(const Group* group, uint32 hash);

// The shard that holds the key value. NULL keys live in the shard of hash 0.
// value is of type table->key_type, or of another type of the same key class given as value_type.
int ShardIndexOfValue(const DistributedTable* table, Oid value_type, Datum value, bool isnull);

// "herd_102_1" (palloc'd, not quoted; never needs quotes), the schema of the table's shard.
char* ShardSchemaName(const DistributedTable* table, ShardId shard);
// "herd_102_1.orders", quoted where needed.
char* ShardRelationName(const DistributedTable* table, ShardId shard);
// The same written into out, for hot paths: no allocation unless the name needs quotes. Returns its length.
inline constexpr size_t kShardRelationNameSize = 192;
size_t WriteShardRelationName(const DistributedTable* table, ShardId shard, char (&out)[kShardRelationNameSize]);

// The reverse, for messages of nodes: if schema_name is a shard's schema, returns true, its shard and the OID of the user's schema.
bool ParseShardSchemaName(const char* schema_name, ShardId* shard, int* schema_number);

// Oid of the local relation that is the table's shard on the own node. Raises if it is not there.
Oid LocalShardRelation(const DistributedTable* table, ShardId shard);

// Called by writers of the herd.* tables, in their transaction: at its commit all backends forget what they cached.
// Group-wide facts (placements, nodes): one message in all. A table's: its relcache entry, so plans are made anew.
void InvalidateMetadata();
void InvalidateTable(Oid relid);

// Takes in what others have committed since the last lock was taken: once at the start of planning and of executing a
// statement. Inside a transaction that already holds its locks PostgreSQL would not look. Costs next to nothing.
void AcceptMetadataChanges();

// Looks again at all metadata, whatever was heard of changes: a node says that it is otherwise.
void RefreshMetadata();

// Registers syscache/relcache callbacks; once per backend, in _PG_init.
void RegisterMetadataCallbacks();

}  // namespace herd::catalog
