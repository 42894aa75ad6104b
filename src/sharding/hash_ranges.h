// How a new group divides the hash ring: equal contiguous ranges that cover 0 … 2^32-1 exactly.
#pragma once

#include <cstdint>

namespace herd::sharding {

struct HashRange {
    uint32_t lower;  // both inclusive
    uint32_t upper;
    bool operator==(const HashRange&) const = default;
};

// The range of shard number `index` of `count` (0 <= index < count).
HashRange HashRangeOfShard(int index, int count);

// The shard number of a hash among `count` ranges made by HashRangeOfShard().
inline int EqualRangeOfHash(uint32_t hash, int count) {
    return static_cast<int>(static_cast<uint64_t>(hash) * static_cast<uint32_t>(count) >> 32);
}

}  // namespace herd::sharding
