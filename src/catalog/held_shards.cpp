#include "catalog/held_shards.h"

#include "catalog/metadata_relations.h"
#include "postgres/entry.h"
#include "postgres/shared_memory.h"

extern "C" {
#include <access/genam.h>
#include <access/htup_details.h>
#include <access/table.h>
#include <access/transam.h>
#include <access/xact.h>
#include <commands/trigger.h>
#include <fmgr.h>
#include <port/atomics.h>
#include <storage/lmgr.h>
#include <utils/fmgroids.h>
#include <utils/inval.h>
#include <utils/rel.h>
#include <utils/snapmgr.h>
}

namespace herd::catalog {

namespace {

// Of herd.held_shard.
constexpr AttrNumber kShardId = 1;
constexpr AttrNumber kMapVersion = 2;

constexpr uint32 kNoVersion = 0;  // they begin with 1

// A row that was committed and that nobody was changing, as of known_changes.
struct KnownShard {
    ShardId shard;
    uint32 map_version;
    TransactionId xmin;
};

constexpr int kKnownShards = 512;
KnownShard known_shards[kKnownShards];
uint64 known_changes;

void* memory;  // how often herd.held_shard was changed, in any database

Size AreaSize() { return sizeof(pg_atomic_uint64); }
void Initialize(void* area) { pg_atomic_init_u64(static_cast<pg_atomic_uint64*>(area), 1); }
const postgres::SharedArea kArea = {"herd held shards", AreaSize, 0, Initialize, &memory, nullptr};

pg_atomic_uint64* Changes() { return static_cast<pg_atomic_uint64*>(memory); }

KnownShard* SlotOf(ShardId shard) { return &known_shards[static_cast<uint64>(shard.value) % kKnownShards]; }

void ForgetIfChanged() {
    uint64 changes = pg_atomic_read_u64(Changes());
    if (likely(changes == known_changes)) return;
    memset(known_shards, 0, sizeof(known_shards));
    known_changes = changes;
}

struct HeldShards {
    Relation relation;
    Oid index;
};

HeldShards Open() {
    const MetadataRelations* relations = FindMetadataRelations();
    if (relations == nullptr) elog(ERROR, "extension \"herd\" is not installed in this database");
    return {table_open(relations->held_shard, AccessShareLock), relations->held_shard_pkey};
}

SysScanDesc BeginScanOf(const HeldShards& held, ShardId shard, Snapshot snapshot) {
    ScanKeyData key;
    ScanKeyInit(&key, kShardId, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(shard.value));
    return systable_beginscan(held.relation, held.index, true, snapshot, 1, &key);
}

uint32 VersionOf(const HeldShards& held, HeapTuple row) {
    bool isnull;
    return DatumGetUInt32(heap_getattr(row, kMapVersion, RelationGetDescr(held.relation), &isnull));
}

void Remember(ShardId shard, uint32 map_version, HeapTuple row) {
    TransactionId xmin = HeapTupleHeaderGetXmin(row->t_data);
    if ((row->t_data->t_infomask & HEAP_XMAX_INVALID) == 0 || TransactionIdIsCurrentTransactionId(xmin)) return;
    *SlotOf(shard) = {shard, map_version, xmin};
}

uint32 VersionInSnapshot(const HeldShards& held, ShardId shard, Snapshot snapshot) {
    uint32 version = kNoVersion;
    SysScanDesc scan = BeginScanOf(held, shard, snapshot);
    HeapTuple row = systable_getnext(scan);
    if (HeapTupleIsValid(row)) {
        version = VersionOf(held, row);
        Remember(shard, version, row);
    }
    systable_endscan(scan);
    return version;
}

// Sets *running to a transaction that is changing the shard's row, if there is one.
uint32 LatestVersion(const HeldShards& held, ShardId shard, TransactionId* running) {
    uint32 version = kNoVersion;
    SnapshotData dirty;
    InitDirtySnapshot(dirty);
    SysScanDesc scan = BeginScanOf(held, shard, &dirty);
    while (HeapTuple row = systable_getnext(scan)) {
        version = VersionOf(held, row);
        *running = TransactionIdIsValid(dirty.xmin) ? dirty.xmin : dirty.xmax;
        if (TransactionIdIsValid(*running)) break;
    }
    systable_endscan(scan);
    return version;
}

uint32 SettledVersion(const HeldShards& held, ShardId shard) {
    for (;;) {
        TransactionId running = InvalidTransactionId;
        uint32 version = LatestVersion(held, shard, &running);
        if (!TransactionIdIsValid(running)) return version;
        XactLockTableWait(running, nullptr, nullptr, XLTW_None);
    }
}

Holding LookUp(ShardId shard, uint32 map_version, Snapshot snapshot, bool changes) {
    HeldShards held = Open();
    uint32 seen = VersionInSnapshot(held, shard, snapshot);
    // The data of an older version are all there; a newer one is not what the sender knows.
    bool fits = seen != kNoVersion && seen <= map_version;
    Holding holding = Holding::kHeld;
    if (!fits || changes) {
        uint32 settled = SettledVersion(held, shard);
        if (settled != map_version)
            holding = Holding::kNotHeld;
        else if (!fits)
            holding = Holding::kTooLate;
    }
    table_close(held.relation, AccessShareLock);
    return holding;
}

}  // namespace

Holding FindHolding(ShardId shard, uint32 map_version, Snapshot snapshot, bool changes) {
    ForgetIfChanged();
    const KnownShard* known = SlotOf(shard);
    if (likely(known->shard == shard && known->map_version == map_version && !XidInMVCCSnapshot(known->xmin, snapshot)))
        return Holding::kHeld;
    return LookUp(shard, map_version, snapshot, changes);
}

bool IsHeldNow(ShardId shard) {
    HeldShards held = Open();
    uint32 version = SettledVersion(held, shard);
    table_close(held.relation, AccessShareLock);
    return version != kNoVersion;
}

HERD_FUNCTION(herd_held_shards_changed) {
    if (!CALLED_AS_TRIGGER(fcinfo)) elog(ERROR, "herd.held_shards_changed() is a trigger");
    if (memory != nullptr) pg_atomic_fetch_add_u64(Changes(), 1);
    return PointerGetDatum(nullptr);
}

extern "C" {

// The extension may have been dropped and made anew.
static void HerdHeldShardsInvalidated(Datum, Oid relid) {
    if (relid == InvalidOid || IsMetadataRelation(relid)) known_changes = 0;
}

}  // extern "C"

void RegisterHeldShards() {
    postgres::RegisterSharedArea(&kArea);
    CacheRegisterRelcacheCallback(HerdHeldShardsInvalidated, 0);
}

}  // namespace herd::catalog
