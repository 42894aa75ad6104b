// Settings of transactions over several nodes.
#pragma once

namespace herd::transaction {

extern int commit_timeout;     // ms
extern int recovery_interval;  // ms
extern bool allow_weak_serializable;

void RegisterTransactionSettings();

}  // namespace herd::transaction
