// Finishing what a crash or a lost connection left prepared.
#pragma once

#include "postgres/pg.h"

#include "transaction/gid.h"

namespace herd::transaction {

// What becomes of one of this coordinator's transactions, that was seen prepared on a node before the question.
enum class Outcome : uint8 {
    kRunning,    // it is not decided
    kCommitted,  // there is a commit record
    kAborted,
};
Outcome FindOutcome(const Gid& gid, const char* gid_text);

enum class RecoveryBy : uint8 {
    kUser,    // all nodes; those that can't be reached are told with a WARNING
    kWorker,  // nodes that did not answer last time come last, and not every time; only what is not just being committed
};
struct Recovery {
    int resolved;
    int unreachable_nodes;
    int skipped;  // too young for kWorker
};
// Resolves prepared transactions of this coordinator on all nodes: lists them first, then asks whether the transaction
// still runs here, then reads the commit record. Then removes records that all is done for. Runs inside the caller's
// transaction (its own connections commit independently).
Recovery RecoverTransactions(RecoveryBy by);

// Finishes one transaction, whose records are committed now, on its nodes. Those that can't be reached are told with a WARNING and
// left to the background worker.
void FinishTransaction(uint64 transaction_id);

}  // namespace herd::transaction
