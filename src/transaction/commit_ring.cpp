// [pure]
#include "transaction/commit_ring.h"

namespace herd::transaction {

namespace {

RingEntry* FindUnfinished(CommitRing* ring, const TransactionKey& key, NodeId node) {
    for (RingEntry* entry = ring->entries; entry < ring->entries + ring->unfinished_count; entry++)
        if (entry->key == key && entry->node == node) return entry;
    return nullptr;
}

void RemoveUnfinished(CommitRing* ring, RingEntry* entry) { *entry = ring->entries[--ring->unfinished_count]; }

// Number `index` of all that ever committed.
RingEntry* FinishedEntry(CommitRing* ring, uint64_t index) {
    return &ring->entries[ring->unfinished_capacity + index % static_cast<uint64_t>(ring->finished_capacity)];
}

}  // namespace

RingEntry MakeRingEntry(const NamedGid& named) {
    const Gid& gid = named.gid;
    RingEntry entry{};
    entry.key = {named.coordinator.system_identifier, gid.transaction_id, gid.nonce};
    entry.node = gid.node;
    entry.participants = gid.participants;
    return entry;
}

size_t CommitRingSize(int32_t unfinished_capacity, int32_t finished_capacity) {
    return offsetof(CommitRing, entries) +
           sizeof(RingEntry) * static_cast<size_t>(unfinished_capacity + finished_capacity);
}

void InitCommitRing(CommitRing* ring, int32_t unfinished_capacity, int32_t finished_capacity) {
    ring->unfinished_capacity = unfinished_capacity;
    ring->finished_capacity = finished_capacity;
}

bool NoteUnfinished(CommitRing* ring, const RingEntry& entry) {
    RingEntry* place = FindUnfinished(ring, entry.key, entry.node);
    if (place == nullptr) {
        if (ring->unfinished_count == ring->unfinished_capacity) return false;
        place = &ring->entries[ring->unfinished_count++];
    }
    *place = entry;
    place->committed = 0;
    return true;
}

void NoteCommitted(CommitRing* ring, const TransactionKey& key, NodeId node, Microseconds now) {
    RingEntry* entry = FindUnfinished(ring, key, node);
    if (entry == nullptr) return;
    RingEntry* finished = FinishedEntry(ring, ring->finished_count++);
    if (finished->committed > ring->complete_since) ring->complete_since = finished->committed;
    *finished = *entry;
    finished->committed = now;
    RemoveUnfinished(ring, entry);
}

void NoteRolledBack(CommitRing* ring, const TransactionKey& key, NodeId node) {
    RingEntry* entry = FindUnfinished(ring, key, node);
    if (entry != nullptr) RemoveUnfinished(ring, entry);
}

int32_t CopyRecent(const CommitRing* ring, Microseconds since, RingEntry* out, int32_t capacity) {
    int32_t count = 0;
    auto copy = [&](const RingEntry& entry) {
        if (count < capacity) out[count] = entry;
        count++;
    };
    for (int32_t i = 0; i < ring->unfinished_count; i++) copy(ring->entries[i]);
    uint64_t kept = static_cast<uint64_t>(ring->finished_capacity);
    if (kept > ring->finished_count) kept = ring->finished_count;
    for (uint64_t i = 1; i <= kept; i++) {
        const RingEntry* entry = FinishedEntry(const_cast<CommitRing*>(ring), ring->finished_count - i);
        if (entry->committed <= since) break;
        copy(*entry);
    }
    return count;
}

bool IsQuietSince(const CommitRing* ring, Microseconds since) {
    if (ring->unfinished_count > 0 || ring->complete_since > since) return false;
    if (ring->finished_count == 0) return true;
    return FinishedEntry(const_cast<CommitRing*>(ring), ring->finished_count - 1)->committed <= since;
}

}  // namespace herd::transaction
