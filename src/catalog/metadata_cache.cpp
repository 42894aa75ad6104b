// The cache is a *generation*: a memory context with what was read since the last change. A change makes it stale;
// the next lookup starts a new one and retires the old, which is freed when a later transaction retires the next.
#include "catalog/metadata.h"

#include "base/sqlstates.h"
#include "catalog/key_value.h"
#include "catalog/metadata_load.h"
#include "catalog/metadata_relations.h"
#include "sharding/hash.h"
#include "sharding/shard_map.h"

extern "C" {
#include <access/htup_details.h>
#include <access/xact.h>
#include <storage/lock.h>
#include <storage/proc.h>
#include <utils/hsearch.h>
#include <utils/inval.h>
#include <utils/lsyscache.h>
#include <utils/syscache.h>
}

namespace herd::catalog {

namespace {

struct Generation {
    MemoryContext context;
    HTAB* tables;  // TableEntry by relid
    HTAB* groups;  // GroupEntry by id
    NodeList nodes;
    bool nodes_loaded;
};

struct TableEntry {
    Oid relid;
    bool loaded;                    // false: read it again
    const DistributedTable* table;  // null: not distributed
};

struct GroupEntry {
    GroupId id;
    const Group* group;
};

constexpr long kInitialTables = 64;
constexpr long kInitialGroups = 8;

Generation* current = nullptr;
bool stale = true;

MemoryContext retired = nullptr;  // parent of retired generations
LocalTransactionId retired_in = InvalidLocalTransactionId;

HTAB* MakeTable(const char* name, MemoryContext context, Size key_size, Size entry_size, long initial_size) {
    HASHCTL control{};
    control.keysize = key_size;
    control.entrysize = entry_size;
    control.hcxt = context;
    return hash_create(name, initial_size, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

// Pointers into retired generations are valid until the end of the transaction in which they were retired.
void Retire(Generation* generation) {
    if (retired == nullptr)
        retired = AllocSetContextCreate(CacheMemoryContext, "herd retired metadata", ALLOCSET_SMALL_SIZES);
    if (retired_in != MyProc->lxid) MemoryContextDeleteChildren(retired);
    retired_in = MyProc->lxid;
    MemoryContextSetParent(generation->context, retired);
}

void StartGeneration() {
    MemoryContext context = AllocSetContextCreate(CacheMemoryContext, "herd metadata", ALLOCSET_SMALL_SIZES);
    auto* fresh = static_cast<Generation*>(MemoryContextAllocZero(context, sizeof(Generation)));
    fresh->context = context;
    fresh->tables = MakeTable("herd tables", context, sizeof(Oid), sizeof(TableEntry), kInitialTables);
    fresh->groups = MakeTable("herd groups", context, sizeof(GroupId), sizeof(GroupEntry), kInitialGroups);
    if (current != nullptr) Retire(current);
    current = fresh;
    stale = false;
}

// A load goes on in its generation even if an invalidation arrives meanwhile; the next lookup starts anew.
Generation* CurrentGeneration() {
    if (unlikely(stale)) StartGeneration();
    return current;
}

[[noreturn]] void RaiseNotInstalled() {
    ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("extension \"herd\" is not installed in this database"),
                    errhint("Run CREATE EXTENSION herd.")));
    pg_unreachable();
}

const MetadataRelations* GetMetadataRelations() {
    const MetadataRelations* relations = FindMetadataRelations();
    if (relations == nullptr) RaiseNotInstalled();
    return relations;
}

// Null if there is no such group.
const Group* FindGroup(Generation* generation, const MetadataRelations* relations, GroupId id) {
    auto* entry = static_cast<GroupEntry*>(hash_search(generation->groups, &id, HASH_FIND, nullptr));
    if (entry != nullptr) return entry->group;
    const Group* group = LoadGroup(relations, id, generation->context);
    if (group == nullptr) return nullptr;
    entry = static_cast<GroupEntry*>(hash_search(generation->groups, &id, HASH_ENTER, nullptr));
    entry->group = group;
    return group;
}

enum class LoadResult : uint8 { kLoaded, kGroupMissing };

// Loads into *table; null for a relation that is not distributed or does not exist (any more).
LoadResult LoadTable(Generation* generation, const MetadataRelations* relations, Oid relid,
                     const DistributedTable** table) {
    TableRow row;
    *table = nullptr;
    if (!LoadTableRow(relations, relid, &row)) return LoadResult::kLoaded;
    if (!SearchSysCacheExists1(RELOID, ObjectIdGetDatum(relid))) return LoadResult::kLoaded;
    const Group* group = FindGroup(generation, relations, row.group);
    if (group == nullptr) return LoadResult::kGroupMissing;

    auto* loaded =
        static_cast<DistributedTable*>(MemoryContextAllocZero(generation->context, sizeof(DistributedTable)));
    loaded->relid = relid;
    loaded->group = group;
    loaded->schema_number = row.schema_number;
    loaded->key_attno = row.key_attno;
    loaded->distributed_by = row.inserted_by;
    if (row.key_attno != InvalidAttrNumber)
        get_atttypetypmodcoll(relid, row.key_attno, &loaded->key_type, &loaded->key_typmod, &loaded->key_collation);
    *table = loaded;
    return LoadResult::kLoaded;
}

const DistributedTable* LoadAndRemember(const MetadataRelations* relations, Oid relid) {
    for (;;) {
        Generation* generation = CurrentGeneration();
        const DistributedTable* table;
        if (LoadTable(generation, relations, relid, &table) == LoadResult::kLoaded) {
            bool found;
            auto* entry = static_cast<TableEntry*>(hash_search(generation->tables, &relid, HASH_ENTER, &found));
            entry->table = table;
            entry->loaded = true;
            return table;
        }
        // The table's row was read just before someone else moved it to another group.
        if (!stale) elog(ERROR, "colocation group of relation %u does not exist", relid);
    }
}

const NodeList& Nodes() {
    const MetadataRelations* relations = GetMetadataRelations();
    Generation* generation = CurrentGeneration();
    if (!generation->nodes_loaded) {
        generation->nodes = LoadNodes(relations, generation->context);
        generation->nodes_loaded = true;
    }
    return generation->nodes;
}

void RelationChanged(Oid relid) {
    if (!OidIsValid(relid) || IsMetadataRelation(relid)) {
        stale = true;
        ForgetMetadataRelations();
        return;
    }
    if (current == nullptr) return;
    auto* entry = static_cast<TableEntry*>(hash_search(current->tables, &relid, HASH_FIND, nullptr));
    if (entry != nullptr) entry->loaded = false;
}

}  // namespace

extern "C" {

static void HerdRelationChanged(Datum, Oid relid) { RelationChanged(relid); }

static void HerdServerChanged(Datum, int, uint32) { stale = true; }
}

const DistributedTable* FindTable(Oid relid) {
    Assert(IsTransactionState());
    if (relid < FirstNormalObjectId) return nullptr;
    if (likely(!stale)) {
        auto* entry = static_cast<TableEntry*>(hash_search(current->tables, &relid, HASH_FIND, nullptr));
        if (entry != nullptr && entry->loaded) return entry->table;
    }
    const MetadataRelations* relations = FindMetadataRelations();
    if (relations == nullptr) return nullptr;
    return LoadAndRemember(relations, relid);
}

const DistributedTable* GetTable(Oid relid) {
    const DistributedTable* table = FindTable(relid);
    if (table != nullptr) return table;
    const char* name = get_rel_name(relid);
    if (name == nullptr)
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE), errmsg("relation with OID %u does not exist", relid)));
    if (IsShell(relid))
        ereport(ERROR, (errcode(kNotDistributed), errmsg("table \"%s\" is not distributed", name),
                        errdetail("The table has access method herd, but nothing says where its rows are."),
                        errhint("Distribute it with herd.create_distributed_table() or "
                                "herd.create_reference_table().")));
    ereport(ERROR, (errcode(kNotDistributed), errmsg("\"%s\" is not a distributed table", name),
                    errhint("Tables are distributed with herd.create_distributed_table() or "
                            "herd.create_reference_table().")));
    pg_unreachable();
}

const Group* GetGroup(GroupId id) {
    const MetadataRelations* relations = GetMetadataRelations();
    const Group* group = FindGroup(CurrentGeneration(), relations, id);
    if (group == nullptr)
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("colocation group %d does not exist", id.value)));
    return group;
}

const NodeInfo* const* AllNodes(int* count) {
    const NodeList& list = Nodes();
    *count = list.count;
    return list.nodes;
}

const NodeInfo* GetNode(NodeId id) {
    const NodeList& list = Nodes();
    for (int i = 0; i < list.count; i++)
        if (list.nodes[i]->id == id) return list.nodes[i];
    ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("node %d does not exist", id.value)));
    pg_unreachable();
}

const NodeInfo* FindNodeByName(const char* name) {
    const NodeList& list = Nodes();
    for (int i = 0; i < list.count; i++)
        if (strcmp(list.nodes[i]->name, name) == 0) return list.nodes[i];
    return nullptr;
}

int ShardIndexOfHash(const Group* group, uint32 hash) {
    return sharding::FindShardOfHash(group->shards, group->shard_count, hash);
}

int ShardIndexOfValue(const DistributedTable* table, Oid value_type, Datum value, bool isnull) {
    if (table->is_reference()) return 0;
    uint32 hash = isnull ? sharding::kHashOfNull : HashKeyValue(table->group->key_class, value_type, value);
    return ShardIndexOfHash(table->group, hash);
}

void InvalidateMetadata() { CacheInvalidateRelcacheByRelid(GetMetadataRelations()->placement); }

void InvalidateTable(Oid relid) {
    CacheInvalidateRelcacheByRelid(GetMetadataRelations()->distributed_table);
    if (SearchSysCacheExists1(RELOID, ObjectIdGetDatum(relid))) CacheInvalidateRelcacheByRelid(relid);
}

void AcceptMetadataChanges() { AcceptInvalidationMessages(); }

void RefreshMetadata() {
    AcceptInvalidationMessages();
    stale = true;
}

void RegisterMetadataCallbacks() {
    RegisterMetadataRelationCallbacks();
    CacheRegisterRelcacheCallback(HerdRelationChanged, 0);
    CacheRegisterSyscacheCallback(FOREIGNSERVEROID, HerdServerChanged, 0);
}

}  // namespace herd::catalog
