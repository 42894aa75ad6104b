// Which servers belong to the cluster. The checks that a server fits are made on the server itself, in this transaction.
#pragma once

#include "postgres/pg.h"

#include "base/ids.h"

namespace herd::operations {

struct NodeAddress {
    const char* name;
    const char* host;
    int port;
    const char* database;
};

// Makes the server a node: checks it, registers this cluster there, and gives it copies of all reference tables. With the first one
// the coordinator stops taking new shards.
NodeId AddNode(const NodeAddress& address);
// Raises object_in_use while shards of hash-distributed tables lie there.
void RemoveNode(const char* name);
void SetNodeHoldsShards(const char* name, bool holds_shards);

// The node's side of AddNode: this database joins that cluster, whose sessions run as service_role. Raises if it holds
// shards (of another cluster, or left behind) or has nodes of its own. coordinator: the incarnation that may send tasks; 0: none yet.
void JoinCluster(const char* cluster_id, Oid service_role, int64 coordinator);

// Makes this server, a copy of the coordinator, the coordinator, and has the nodes refuse the one before. Returns the number of nodes.
// Raises if some node can't be reached; or holds prepared transactions of which this server doesn't know whether they have committed,
// unless these are to be rolled back.
int AdoptCluster(bool roll_back_in_doubt);
// The node's side of it: this is the only coordinator from now on.
void ReplaceCoordinators(int64 incarnation);

}  // namespace herd::operations
