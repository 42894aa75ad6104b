// Nodes that did not answer this process lately. The background worker does not spend a timeout on each of them at every look.
#pragma once

#include "postgres/pg.h"

#include "base/ids.h"

namespace herd::transaction {

void NoteLook(NodeId node, bool answered);
bool IsAway(NodeId node);
// Of a node that is away: some seconds have passed since the last look.
bool IsTimeToLook(NodeId node);

}  // namespace herd::transaction
