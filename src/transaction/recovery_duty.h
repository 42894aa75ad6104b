// The background worker's part of finishing transactions: see recovery.h for how.
#pragma once

namespace herd::transaction {

// Once, in _PG_init.
void RegisterRecoveryDuty();

// Something may be left prepared on a node: asks the background worker to look after it. Never raises.
void RequestRecovery();

}  // namespace herd::transaction
