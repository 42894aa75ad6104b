#include "executor/scans/cursor_snapshots.h"

#include "catalog/metadata.h"
#include "executor/tasks/parameter_values.h"
#include "transaction/statement_token.h"

namespace herd::executor {

using transaction::Purpose;
using transaction::Stream;

static Stream* AskForSnapshot(NodeId node, uint32 number) {
    TaskIdentity identity = {node, 0, nullptr, 0, transaction::MarkTask(node, Purpose::kReadShared, 0, number)};
    return transaction::StartStream(node, Purpose::kReadShared, 0, {"SELECT", true, WireFormOf(nullptr, identity)},
                                    nullptr);
}

void TakeStatementSnapshots(Oid relid, Snapshot snapshot) {
    uint32 number = transaction::StatementNumber(snapshot);
    const catalog::Group* group = catalog::GetTable(relid)->group;
    int node_count;
    catalog::AllNodes(&node_count);
    Stream** streams = (Stream**)palloc(node_count * sizeof(Stream*));
    int started = 0;
    for (int i = 0; i < group->shard_count; i++)
        for (int n = 0; n < group->shards[i].node_count; n++) {
            NodeId node = group->shards[i].nodes[n];
            if (node == kOwnNode || transaction::HasTaken(node, number)) continue;
            streams[started++] = AskForSnapshot(node, number);
        }
    for (int i = 0; i < started; i++) {
        while (transaction::NextRow(streams[i], nullptr)) continue;
        transaction::EndStream(streams[i]);
    }
    pfree(streams);
}

}  // namespace herd::executor
