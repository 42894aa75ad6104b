#include "sharding/hash_ranges.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace herd::sharding {
namespace {

constexpr uint32_t kLastHash = std::numeric_limits<uint32_t>::max();

TEST(HashRanges, OneShardOwnsTheRing) { EXPECT_EQ(HashRangeOfShard(0, 1), (HashRange{0, kLastHash})); }

TEST(HashRanges, FixedVectors) {
    EXPECT_EQ(HashRangeOfShard(0, 4), (HashRange{0, 1073741823}));
    EXPECT_EQ(HashRangeOfShard(3, 4), (HashRange{3221225472, kLastHash}));
    EXPECT_EQ(HashRangeOfShard(0, 3), (HashRange{0, 1431655765}));
    EXPECT_EQ(HashRangeOfShard(1, 3), (HashRange{1431655766, 2863311530}));
    EXPECT_EQ(HashRangeOfShard(2, 3), (HashRange{2863311531, kLastHash}));
    EXPECT_EQ(HashRangeOfShard(0, 32), (HashRange{0, 134217727}));
}

TEST(HashRanges, EveryCountCoversTheRingExactly) {
    for (int count = 1; count <= 2048; count++) {
        uint64_t next = 0;
        for (int i = 0; i < count; i++) {
            HashRange range = HashRangeOfShard(i, count);
            ASSERT_EQ(range.lower, next) << i << " of " << count;
            ASSERT_GE(range.upper, range.lower);
            next = uint64_t{range.upper} + 1;
        }
        ASSERT_EQ(next, uint64_t{1} << 32) << count;
    }
}

TEST(HashRanges, SizesDifferByAtMostOne) {
    for (int count : {3, 7, 24, 1000, 65537}) {
        uint64_t smallest = kLastHash;
        uint64_t largest = 0;
        for (int i = 0; i < count; i++) {
            HashRange range = HashRangeOfShard(i, count);
            uint64_t size = uint64_t{range.upper} - range.lower + 1;
            smallest = std::min(smallest, size);
            largest = std::max(largest, size);
        }
        EXPECT_LE(largest - smallest, 1u) << count;
    }
}

TEST(HashRanges, BoundsBelongToTheirOwnShard) {
    for (int count : {1, 2, 3, 31, 32, 33, 1024, 60000})
        for (int i = 0; i < count; i++) {
            HashRange range = HashRangeOfShard(i, count);
            ASSERT_EQ(EqualRangeOfHash(range.lower, count), i);
            ASSERT_EQ(EqualRangeOfHash(range.upper, count), i);
        }
}

TEST(HashRanges, RandomHashesAreInsideTheirRange) {
    std::mt19937 random(1);
    for (int n = 0; n < 100000; n++) {
        int count = static_cast<int>(random() % 5000) + 1;
        auto hash = static_cast<uint32_t>(random());
        HashRange range = HashRangeOfShard(EqualRangeOfHash(hash, count), count);
        ASSERT_LE(range.lower, hash);
        ASSERT_GE(range.upper, hash);
    }
}

}  // namespace
}  // namespace herd::sharding
