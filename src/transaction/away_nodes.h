// Nodes that did not answer this process lately. The background worker does not spend a timeout on each of them at every look.
#pragma once

#include "postgres/pg.h"

#include "base/ids.h"

extern "C" {
#include <utils/timestamp.h>
}

namespace herd::transaction {

// A refused connection costs nothing, so such a node is looked at again sooner than one that lets us wait.
void NoteLook(NodeId node, TimestampTz started, bool answered);
bool IsAway(NodeId node);
// Of a node that is away: some time has passed since the last look.
bool IsTimeToLook(NodeId node);

}  // namespace herd::transaction
