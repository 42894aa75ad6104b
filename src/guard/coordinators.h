// Which coordinators may send tasks to this node: those that herd.coordinator names, by their incarnations.
#pragma once

#include "postgres/pg.h"

namespace herd::guard {

void RegisterCoordinatorSettings();

// In a session of the service role: raises unless its coordinator is registered here, fits in version and encoding, or is just about to be
// registered (herd.registering). Looks once, and again after herd.coordinator was changed: a coordinator that was replaced is refused in
// the sessions it has.
void RequireRegisteredCoordinator();

// The incarnation of the coordinator at the other end of this session; 0 if there is none.
int64 SessionCoordinator();
// Raises unless this is a session of a coordinator of the cluster that this node belongs to.
void RequireSessionOfCluster();

}  // namespace herd::guard
