#include "sharding/hash_ranges.h"

namespace herd::sharding {

namespace {

// The first hash h with h * count / 2^32 >= index, which makes EqualRangeOfHash() the exact reverse.
uint64_t FirstHash(uint64_t index, uint64_t count) { return ((index << 32) + count - 1) / count; }

}  // namespace

HashRange HashRangeOfShard(int index, int count) {
    auto i = static_cast<uint64_t>(index);
    auto n = static_cast<uint64_t>(count);
    return HashRange{static_cast<uint32_t>(FirstHash(i, n)), static_cast<uint32_t>(FirstHash(i + 1, n) - 1)};
}

}  // namespace herd::sharding
