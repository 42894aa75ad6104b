// Looking at a node over a connection of its own, apart from what the current transaction does there. Internal to this module.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"
#include "cluster/connection.h"
#include "transaction/gid.h"

extern "C" {
#include <nodes/pg_list.h>
}

namespace herd::transaction {

struct Visit {
    const catalog::NodeInfo* node;
    Coordinator coordinator;                    // who visits
    void (*step)(Visit* visit);                 // may raise
    int64 youngest = 0;                         // for the step: milliseconds
    cluster::Connection* connection = nullptr;  // while the step runs
    int resolved = 0;                           // of the step
    int skipped = 0;                            // likewise
    List* found = NIL;                          // likewise
};

// Opens the connection and runs the step, in a subtransaction: what one node refuses does not keep the others from being visited.
// False if something was raised, which is reported at this level instead; a cancel is raised.
bool TryVisit(Visit* visit, int elevel);

struct PreparedPart {
    const char* gid;
    int64 prepared_at;  // microseconds since 1970
    int64 age;          // milliseconds
};
// What is prepared in the node's database with such a gid, palloc'd.
List* ListPrepared(Visit* visit, const char* gid_prefix);

// Executes a statement outside of a transaction, as COMMIT PREPARED wants it. False if the node says that there is no such object;
// any other error is raised. Where somebody else executes the same, waits for the end of that.
bool ExecuteAlone(Visit* visit, const char* sql);

}  // namespace herd::transaction
