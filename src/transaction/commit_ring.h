// [pure]
// What a server remembers of transactions over several nodes that wrote on it: all that are not finished, and the last that committed.
// guard/README.md says what for. Lives in shared memory: plain data, no pointers; the caller locks.
#pragma once

#include <cstddef>
#include <cstdint>

#include "transaction/gid.h"

namespace herd::transaction {

using Microseconds = int64_t;  // on a clock that never goes back; 0 is before everything

// A transaction, on all its nodes.
struct TransactionKey {
    uint64_t coordinator;  // system identifier
    uint64_t transaction_id;
    uint64_t nonce;
    auto operator<=>(const TransactionKey&) const = default;
};

struct RingEntry {
    TransactionKey key;
    NodeId node;  // which of the transaction's nodes this server is: two nodes may be databases of one server
    Participants participants;
    uint32_t database;
    uint32_t xid;
    Microseconds noted;      // before it could be prepared; 0 if it was found when the server started
    Microseconds committed;  // after everybody could see it; 0 if it isn't finished
};

RingEntry MakeRingEntry(const NamedGid& named);

struct CommitRing {
    int32_t unfinished_capacity;
    int32_t finished_capacity;
    int32_t unfinished_count;
    uint64_t finished_count;      // ever
    Microseconds complete_since;  // every commit since then is here
    RingEntry entries[1];         // first the unfinished, then the finished ones, which overwrite the oldest
};

size_t CommitRingSize(int32_t unfinished_capacity, int32_t finished_capacity);
// Of zeroed memory.
void InitCommitRing(CommitRing* ring, int32_t unfinished_capacity, int32_t finished_capacity);

// Replaces an entry of the same transaction and node. False if there is no room.
bool NoteUnfinished(CommitRing* ring, const RingEntry& entry);
// Nothing happens if the transaction is not among the unfinished.
void NoteCommitted(CommitRing* ring, const TransactionKey& key, NodeId node, Microseconds now);
void NoteRolledBack(CommitRing* ring, const TransactionKey& key, NodeId node);

// The unfinished ones and those that committed after `since`, as many as fit; returns how many there are.
int32_t CopyRecent(const CommitRing* ring, Microseconds since, RingEntry* out, int32_t capacity);

// Is none unfinished, and has surely none committed since then?
bool IsQuietSince(const CommitRing* ring, Microseconds since);

}  // namespace herd::transaction
