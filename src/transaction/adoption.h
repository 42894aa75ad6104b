// A copy of the coordinator takes over its nodes.
#pragma once

#include "postgres/pg.h"

namespace herd::transaction {

// Over connections of their own, committed one by one: registers this coordinator as the only one on every node. Can be repeated.
// Before it has the nodes asked for prepared transactions of which no record here says that they have committed: the original may know,
// so their being there is an error, unless they are to be rolled back. The background worker then finishes all.
// Returns the number of nodes.
int RegisterOnNodes(bool roll_back_in_doubt);

}  // namespace herd::transaction
