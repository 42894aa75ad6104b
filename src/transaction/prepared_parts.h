// The parts of distributed transactions that are prepared on the nodes at this moment.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/pg_list.h>
}

namespace herd::transaction {

struct InDoubtPart {
    const char* node_name;
    const char* gid;
    uint64 transaction_id;  // full, of its coordinator
    uint64 coordinator;     // its system identifier
    bool is_own;            // this is its coordinator
    int64 prepared_at;      // microseconds since 1970
    const char* state;      // running, committed, aborted; null where another coordinator knows
};

// Of this cluster, on all other nodes; palloc'd. Nodes that can't be reached are told with a WARNING.
List* ListInDoubtParts();

}  // namespace herd::transaction
