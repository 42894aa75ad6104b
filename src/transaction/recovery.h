// Finishing what a crash or a lost connection left prepared.
#pragma once

#include "postgres/pg.h"

namespace herd::transaction {

// Resolves prepared transactions of this coordinator on all nodes: lists them first, then asks whether the transaction
// still runs here, then reads the commit record. Unreachable nodes are skipped with a WARNING. Returns how many were resolved.
// Runs inside the caller's transaction (its own connections commit independently).
int RecoverTransactions();

}  // namespace herd::transaction
