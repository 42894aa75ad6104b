// Looking for deadlocks over several nodes: no node sees the whole cycle. The worker looks while some transaction of this database waits for
// a node for longer than deadlock_timeout.
#pragma once

namespace herd::transaction {

void RegisterDeadlockDuty();  // in _PG_init, while shared_preload_libraries are loaded

}  // namespace herd::transaction
