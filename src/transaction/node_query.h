// Asking a node something apart from what the current transaction does there: what the answer shows is the node's state of the moment.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"
#include "cluster/connection.h"

extern "C" {
#include <executor/tuptable.h>
}

namespace herd::transaction {

struct NodeQuery {
    const catalog::NodeInfo* node;  // not this server
    const char* sql;                // one statement that reads
    TupleDesc desc;                 // of its rows
    void (*add)(const NodeQuery* query, TupleTableSlot* row);
    void* argument;                 // for add
    bool keeps_connection = false;  // for a backend that does nothing else on nodes: reuse the connection the next time
    int timeout = 0;                // in milliseconds; 0: herd.commit_timeout
};

// Calls add for every row. False if the node can't be asked: then *problem says why (palloc'd), and some rows may have been added.
// A cancel is raised.
bool AskNode(const NodeQuery& query, char** problem);

// The same over a connection to that node which is open. What goes wrong is raised, and the connection closed.
void AskOver(cluster::Connection* connection, const NodeQuery& query);

}  // namespace herd::transaction
