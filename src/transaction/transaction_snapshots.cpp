#include "transaction/transaction_snapshots.h"

#include "catalog/metadata.h"
#include "transaction/session.h"
#include "transaction/settings.h"

extern "C" {
#include <access/parallel.h>
#include <access/transam.h>
#include <access/xact.h>
#include <utils/lsyscache.h>
}

namespace herd::transaction {

namespace {

bool taken;

bool NeedsAllSnapshots() {
    if (taken || !IsolationUsesXactSnapshot()) return false;
    return !IsolationIsSerializable() || allow_weak_serializable;
}

bool IsShard(Oid relid) {
    if (relid < FirstNormalObjectId) return false;
    char* schema = get_namespace_name(get_rel_namespace(relid));
    ShardId shard;
    int schema_number;
    return schema != nullptr && catalog::ParseShardSchemaName(schema, &shard, &schema_number);
}

}  // namespace

void TakeTransactionSnapshotsFor(const PlannedStmt* statement) {
    if (!NeedsAllSnapshots() || IsParallelWorker() || !OidIsValid(catalog::HerdAccessMethod())) return;
    ListCell* cell;
    foreach (cell, statement->rtable) {
        const RangeTblEntry* rte = static_cast<const RangeTblEntry*>(lfirst(cell));
        if (rte->rtekind != RTE_RELATION || !IsShard(rte->relid)) continue;
        TakeTransactionSnapshots();
        return;
    }
}

void TakeTransactionSnapshots() {
    if (!NeedsAllSnapshots()) return;
    int count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&count);
    auto** streams = static_cast<Stream**>(palloc(sizeof(Stream*) * count));
    int started = 0;
    for (int i = 0; i < count; i++) {
        if (!OidIsValid(nodes[i]->server) || HasWorkOn(nodes[i]->id)) continue;
        streams[started++] = StartStream(nodes[i]->id, Purpose::kReadLocking, 0, {"SELECT", true, {}}, nullptr);
    }
    for (int i = 0; i < started; i++) {
        while (NextRow(streams[i], nullptr)) continue;
        EndStream(streams[i]);
    }
    pfree(streams);
    taken = true;
}

void ForgetTransactionSnapshots() { taken = false; }

}  // namespace herd::transaction
