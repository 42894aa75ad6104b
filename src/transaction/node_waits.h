// Waits for locks on all nodes, as the nodes show them at this moment.
#pragma once

#include "postgres/pg.h"

#include "transaction/deadlock_graph.h"

extern "C" {
#include <utils/timestamp.h>
}

namespace herd::transaction {

struct LockWaits {
    LockWait* waits;  // palloc'd
    int count;
};

// Asks every node over connections of this backend, and this server itself. Nodes that can't be reached show no waits.
// Serves interrupts. Inside a transaction, as superuser.
LockWaits LookAtWaits();

// Start of the transaction of a backend of this server; 0 if it has none.
TimestampTz TransactionStartOf(int pid);

}  // namespace herd::transaction
