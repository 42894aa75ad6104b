// What was dropped of distributed tables, by any statement and any cascade, and dropping it on the shards too.
#pragma once

#include "postgres/pg.h"

namespace herd::commands {

// Brings the shards after what NoticeObjectAccess() has seen; at the end of each utility statement.
void ApplyDrops();
void ForgetDrops();

}  // namespace herd::commands
