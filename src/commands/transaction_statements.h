// COMMIT PREPARED and ROLLBACK PREPARED of a user's transaction that wrote on nodes: they hold the nodes' parts prepared, and this
// transaction's end is the decision over them (transaction/two_phase_commit.h).
#pragma once

#include "commands/utility_hook.h"

namespace herd::commands {

bool IsEndOfPrepared(Node* statement);
void EndPrepared(const UtilityCall& call);

}  // namespace herd::commands
