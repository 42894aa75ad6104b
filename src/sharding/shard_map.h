// Finding the range of a hash in an ordered array of shards. Works on any array whose elements have
// lower_hash and upper_hash (both inclusive).
#pragma once

#include <cstdint>

#include "sharding/hash_ranges.h"

namespace herd::sharding {

// Do the ranges follow each other without gap or overlap, from 0 to 2^32-1?
template <class Shard>
bool CoverHashRing(const Shard* shards, int count) {
    uint64_t next = 0;
    for (int i = 0; i < count; i++) {
        if (shards[i].lower_hash != next || shards[i].upper_hash < shards[i].lower_hash) return false;
        next = static_cast<uint64_t>(shards[i].upper_hash) + 1;
    }
    return next == uint64_t{1} << 32;
}

// The index of the range that holds the hash; the ranges cover the ring. Equal ranges, as groups start with, are found at once.
template <class Shard>
int FindShardOfHash(const Shard* shards, int count, uint32_t hash) {
    int guess = EqualRangeOfHash(hash, count);
    if (shards[guess].lower_hash <= hash && hash <= shards[guess].upper_hash) return guess;
    int low = 0;
    int high = count - 1;
    while (low < high) {
        int middle = low + (high - low + 1) / 2;
        if (shards[middle].lower_hash <= hash)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

}  // namespace herd::sharding
