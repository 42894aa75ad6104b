#include "catalog/metadata_load.h"

#include <algorithm>
#include <string_view>

#include "catalog/metadata_scan.h"
#include "postgres/fault_point.h"
#include "sharding/shard_map.h"

extern "C" {
#include <access/genam.h>
#include <access/htup_details.h>
#include <access/skey.h>
#include <access/stratnum.h>
#include <access/table.h>
#include <foreign/foreign.h>
#include <utils/builtins.h>
#include <utils/fmgroids.h>
#include <utils/rel.h>
}

namespace herd::catalog {

namespace {

// Attribute numbers of the herd.* tables (extension/install/10_catalog.sql).
enum NodeColumn { kNodeId = 1, kNodeName, kNodeRole, kNodeState, kNodeHoldsShards, kNodeProtocol = 8 };
enum ColocationColumn {
    kColocationGroupId = 1,
    kColocationLabel,
    kColocationMethod,
    kColocationKeyClass,
    kColocationKeyCollation,
    kColocationShardCount
};
enum ShardColumn { kShardId = 1, kShardGroupId, kShardLowerHash, kShardUpperHash, kShardMapVersion };
enum PlacementColumn { kPlacementShardId = 1, kPlacementNodeId, kPlacementState };
enum DistributedTableColumn { kTableOid = 1, kTableGroupId, kTableSchemaNumber, kTableDistributionColumn };

bool TextColumnIs(const MetadataScan& scan, HeapTuple row, int column, std::string_view expected) {
    text* value = DatumGetTextPP(NotNullColumn(scan, row, column));
    return std::string_view(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)) == expected;
}

[[noreturn]] void RaiseBadGroup(GroupId id, const char* what) {
    ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("colocation group %d is damaged", id.value),
                    errdetail_internal("%s", what)));
    pg_unreachable();
}

bool LoadGroupRow(const MetadataRelations* relations, GroupId id, Group* group) {
    ScanKeyData key = KeyEquals(kColocationGroupId, F_INT4EQ, Int32GetDatum(id.value));
    MetadataScan scan = BeginScan(relations->colocation, relations->colocation_pkey, &key, 1);
    HeapTuple row = NextRow(scan);
    bool found = HeapTupleIsValid(row);
    if (found) {
        group->id = id;
        group->method = TextColumnIs(scan, row, kColocationMethod, "reference") ? Method::kReference : Method::kHash;
        group->key_collation = DatumGetObjectId(NotNullColumn(scan, row, kColocationKeyCollation));
        group->shard_count = DatumGetInt32(NotNullColumn(scan, row, kColocationShardCount));
        if (group->method == Method::kHash) {
            auto key_class = FindKeyClassByName(TextDatumGetCString(NotNullColumn(scan, row, kColocationKeyClass)));
            if (!key_class) RaiseBadGroup(id, "Its key class is unknown.");
            group->key_class = *key_class;
        }
    }
    EndScan(scan);
    return found;
}

Shard* LoadShards(const MetadataRelations* relations, const Group* group, MemoryContext context) {
    auto* shards = static_cast<Shard*>(MemoryContextAllocZero(context, sizeof(Shard) * group->shard_count));
    int count = 0;
    ScanKeyData key = KeyEquals(kShardGroupId, F_INT4EQ, Int32GetDatum(group->id.value));
    MetadataScan scan = BeginScan(relations->shard, relations->shard_group_id_idx, &key, 1);
    for (HeapTuple row = NextRow(scan); HeapTupleIsValid(row); row = NextRow(scan)) {
        if (count == group->shard_count) RaiseBadGroup(group->id, "It has more shards than it should.");
        Shard* shard = &shards[count++];
        shard->id = ShardId{DatumGetInt64(NotNullColumn(scan, row, kShardId))};
        shard->map_version = DatumGetUInt32(NotNullColumn(scan, row, kShardMapVersion));
        shard->upper_hash = PG_UINT32_MAX;
        bool isnull;
        Datum bound = Column(scan, row, kShardLowerHash, &isnull);
        if (!isnull) shard->lower_hash = static_cast<uint32>(DatumGetInt64(bound));
        bound = Column(scan, row, kShardUpperHash, &isnull);
        if (!isnull) shard->upper_hash = static_cast<uint32>(DatumGetInt64(bound));
    }
    EndScan(scan);

    std::sort(shards, shards + count, [](const Shard& a, const Shard& b) { return a.lower_hash < b.lower_hash; });
    if (count != group->shard_count || !sharding::CoverHashRing(shards, count))
        RaiseBadGroup(group->id, "Its shards do not cover the key space.");
    return shards;
}

struct Placement {
    ShardId shard;
    NodeId node;
    auto operator<=>(const Placement&) const = default;
};

struct PlacementList {
    Placement* items;
    int count;
};

// Active placements of all shards with ids from first to last: those of the group, and perhaps a few others.
PlacementList LoadPlacements(const MetadataRelations* relations, ShardId first, ShardId last) {
    int capacity = 64;
    auto* items = static_cast<Placement*>(palloc(sizeof(Placement) * capacity));
    int count = 0;
    ScanKeyData keys[2];
    ScanKeyInit(&keys[0], kPlacementShardId, BTGreaterEqualStrategyNumber, F_INT8GE, Int64GetDatum(first.value));
    ScanKeyInit(&keys[1], kPlacementShardId, BTLessEqualStrategyNumber, F_INT8LE, Int64GetDatum(last.value));
    MetadataScan scan = BeginScan(relations->placement, relations->placement_pkey, keys, 2);
    for (HeapTuple row = NextRow(scan); HeapTupleIsValid(row); row = NextRow(scan)) {
        if (!TextColumnIs(scan, row, kPlacementState, "active")) continue;
        if (count == capacity) {
            capacity *= 2;
            items = static_cast<Placement*>(repalloc_huge(items, sizeof(Placement) * capacity));
        }
        items[count].shard = ShardId{DatumGetInt64(NotNullColumn(scan, row, kPlacementShardId))};
        items[count].node = NodeId{DatumGetInt32(NotNullColumn(scan, row, kPlacementNodeId))};
        count++;
    }
    EndScan(scan);
    std::sort(items, items + count);
    return PlacementList{items, count};
}

void AttachPlacements(const Group* group, Shard* shards, PlacementList placements, MemoryContext context) {
    const Placement* end = placements.items + placements.count;
    for (int i = 0; i < group->shard_count; i++) {
        const Placement* first =
            std::lower_bound(const_cast<const Placement*>(placements.items), end, shards[i].id,
                             [](const Placement& placement, ShardId id) { return placement.shard < id; });
        const Placement* last = first;
        while (last < end && last->shard == shards[i].id) last++;
        int count = static_cast<int>(last - first);
        if (count == 0) RaiseBadGroup(group->id, "A shard has no placement.");
        auto* nodes = static_cast<NodeId*>(MemoryContextAlloc(context, sizeof(NodeId) * count));
        for (int n = 0; n < count; n++) nodes[n] = first[n].node;
        shards[i].nodes = nodes;
        shards[i].node_count = count;
    }
}

}  // namespace

bool LoadTableRow(const MetadataRelations* relations, Oid relid, TableRow* table) {
    ScanKeyData key = KeyEquals(kTableOid, F_OIDEQ, ObjectIdGetDatum(relid));
    MetadataScan scan = BeginScan(relations->distributed_table, relations->distributed_table_pkey, &key, 1);
    HeapTuple row = NextRow(scan);
    bool found = HeapTupleIsValid(row);
    if (found) {
        bool isnull;
        Datum key_attno = Column(scan, row, kTableDistributionColumn, &isnull);
        table->key_attno = isnull ? InvalidAttrNumber : static_cast<AttrNumber>(DatumGetInt32(key_attno));
        table->group = GroupId{DatumGetInt32(NotNullColumn(scan, row, kTableGroupId))};
        table->inserted_by = HeapTupleHeaderGetXmin(row->t_data);
        table->schema_number = DatumGetInt32(NotNullColumn(scan, row, kTableSchemaNumber));
    }
    EndScan(scan);
    return found;
}

Group* LoadGroup(const MetadataRelations* relations, GroupId id, MemoryContext context) {
    auto* group = static_cast<Group*>(MemoryContextAllocZero(context, sizeof(Group)));
    if (!LoadGroupRow(relations, id, group)) return nullptr;
    Shard* shards = LoadShards(relations, group, context);

    ShardId first = shards[0].id;
    ShardId last = shards[0].id;
    for (int i = 1; i < group->shard_count; i++) {
        first = std::min(first, shards[i].id);
        last = std::max(last, shards[i].id);
    }
    PlacementList placements = LoadPlacements(relations, first, last);
    AttachPlacements(group, shards, placements, context);
    pfree(placements.items);
    group->shards = shards;
    return group;
}

// Towards a node that understands versions up to `newest`. A node that can't be spoken to refuses the handshake.
static int SpokenTo(int newest) {
    ProtocolRange own = postgres::OwnProtocols();
    return std::clamp(newest, own.oldest, own.newest);
}

NodeList LoadNodes(const MetadataRelations* relations, MemoryContext context) {
    List* found = NIL;
    MetadataScan scan = BeginScan(relations->node, InvalidOid, nullptr, 0);
    for (HeapTuple row = NextRow(scan); HeapTupleIsValid(row); row = NextRow(scan)) {
        if (!TextColumnIs(scan, row, kNodeState, "active")) continue;
        auto* node = static_cast<NodeInfo*>(MemoryContextAllocZero(context, sizeof(NodeInfo)));
        node->id = NodeId{DatumGetInt32(NotNullColumn(scan, row, kNodeId))};
        node->name = MemoryContextStrdup(context, TextDatumGetCString(NotNullColumn(scan, row, kNodeName)));
        node->holds_shards = DatumGetBool(NotNullColumn(scan, row, kNodeHoldsShards));
        node->protocol = SpokenTo(DatumGetInt32(NotNullColumn(scan, row, kNodeProtocol)));
        found = lappend(found, node);
    }
    EndScan(scan);

    NodeList list;
    list.count = list_length(found);
    list.nodes = static_cast<NodeInfo**>(MemoryContextAlloc(context, sizeof(NodeInfo*) * (list.count + 1)));
    for (int i = 0; i < list.count; i++) {
        auto* node = static_cast<NodeInfo*>(list_nth(found, i));
        if (node->id != kOwnNode) node->server = get_foreign_server_oid(node->name, true);
        list.nodes[i] = node;
    }
    list_free(found);
    std::sort(list.nodes, list.nodes + list.count, [](const NodeInfo* a, const NodeInfo* b) { return a->id < b->id; });
    if (list.count == 0 || list.nodes[0]->id != kOwnNode)
        ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("herd.node has no row for this server (node 0)")));
    return list;
}

}  // namespace herd::catalog
