// herd.connection_counts(), which the view herd.connections shows.
#include "catalog/metadata.h"
#include "cluster/settings.h"
#include "cluster/tickets.h"
#include "postgres/entry.h"

extern "C" {
#include <funcapi.h>
#include <utils/builtins.h>
}

namespace herd::observe {

static cluster::NodeConnections Find(const cluster::NodeConnections* list, int count, NodeId node) {
    for (int i = 0; i < count; i++)
        if (list[i].node == node) return list[i];
    return {node, 0, 0};
}

static void AddNode(ReturnSetInfo* result, const char* name, const cluster::NodeConnections& node, int waiting) {
    Datum values[] = {CStringGetTextDatum(name), Int32GetDatum(node.open - node.idle), Int32GetDatum(node.idle),
                      Int32GetDatum(waiting), Int32GetDatum(cluster::max_connections_per_node)};
    bool nulls[lengthof(values)] = {};
    tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

}  // namespace herd::observe

using namespace herd;

HERD_FUNCTION(herd_connection_counts) {
    InitMaterializedSRF(fcinfo, 0);
    int count;
    int waiting;
    int node_count;
    const cluster::NodeConnections* list = cluster::ListNodeConnections(&count, &waiting);
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&node_count);
    for (int i = 0; i < node_count; i++) {
        if (nodes[i]->id == kOwnNode) continue;
        observe::AddNode(reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo), nodes[i]->name,
                         observe::Find(list, count, nodes[i]->id), waiting);
    }
    return static_cast<Datum>(0);
}
