// Shards carry no grants: access is checked on the shell. ALTER DEFAULT PRIVILEGES of their owner would give them some.
#pragma once

#include "postgres/pg.h"

namespace herd::operations {

// A statement that revokes, on the node where it runs, what roles other than the owner may do with its shards.
const char* RevokeShardGrantsStatement();

}  // namespace herd::operations
