#include "operations/node_protocols.h"

#include "postgres/pg.h"

#include "catalog/metadata.h"
#include "operations/local_sql.h"
#include "transaction/away_nodes.h"
#include "transaction/node_query.h"
#include "worker/duties.h"

extern "C" {
#include <catalog/pg_type.h>
#include <utils/builtins.h>
}

namespace herd::operations {

namespace {

constexpr int kTimeout = 1000;

void KeepAnswer(const transaction::NodeQuery* query, TupleTableSlot* row) {
    *static_cast<int*>(query->argument) = pg_strtoint32(TextDatumGetCString(row->tts_values[0]));
}

// 0 if it can't be asked: then it stays as it is. The duties share one process, so nobody waits for long.
int AskProtocol(const catalog::NodeInfo* node) {
    int protocol = 0;
    char* problem;
    TupleDesc desc = CreateTemplateTupleDesc(1);
    TupleDescInitEntry(desc, 1, "protocol", TEXTOID, -1, 0);
    return transaction::AskNode({node, kProtocolQuery, desc, KeepAnswer, &protocol, true, kTimeout}, &problem)
               ? protocol
               : 0;
}

worker::DutyResult RefreshProtocols(bool) {
    int count;
    bool changed = false;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&count);
    for (int i = 0; i < count; i++) {
        if (nodes[i]->id == kOwnNode || !OidIsValid(nodes[i]->server) || transaction::IsAway(nodes[i]->id)) continue;
        int protocol = AskProtocol(nodes[i]);
        if (protocol == 0) continue;
        changed |= RunLocalSql("UPDATE herd.node SET protocol = $1 WHERE node_id = $2 AND protocol <> $1",
                               {IntArgument(protocol), IntArgument(nodes[i]->id.value)}) > 0;
    }
    if (changed) catalog::InvalidateMetadata();
    return worker::DutyResult::kDone;
}

int Interval() { return 20 * 1000; }

const worker::Duty kDuty = {"herd: ask nodes for their version", Interval, RefreshProtocols};

}  // namespace

void RegisterProtocolDuty() { worker::RegisterDuty(&kDuty); }

}  // namespace herd::operations
