#include "sharding/shard_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

namespace herd::sharding {
namespace {

constexpr uint32_t kLastHash = std::numeric_limits<uint32_t>::max();

struct TestShard {
    uint32_t lower_hash;
    uint32_t upper_hash;
};

std::vector<TestShard> EqualShards(int count) {
    std::vector<TestShard> shards;
    for (int i = 0; i < count; i++) {
        HashRange range = HashRangeOfShard(i, count);
        shards.push_back({range.lower, range.upper});
    }
    return shards;
}

// Ranges as splits of single shards leave them.
std::vector<TestShard> UnequalShards(int count, std::mt19937& random) {
    std::vector<uint32_t> lower = {0};
    while (static_cast<int>(lower.size()) < count) {
        auto bound = static_cast<uint32_t>(random());
        if (std::find(lower.begin(), lower.end(), bound) == lower.end()) lower.push_back(bound);
    }
    std::sort(lower.begin(), lower.end());
    std::vector<TestShard> shards;
    for (size_t i = 0; i < lower.size(); i++)
        shards.push_back({lower[i], i + 1 < lower.size() ? lower[i + 1] - 1 : kLastHash});
    return shards;
}

bool Cover(const std::vector<TestShard>& shards) {
    return CoverHashRing(shards.data(), static_cast<int>(shards.size()));
}

int Find(const std::vector<TestShard>& shards, uint32_t hash) {
    return FindShardOfHash(shards.data(), static_cast<int>(shards.size()), hash);
}

TEST(ShardMap, EqualRangesCoverTheRing) {
    for (int count : {1, 2, 3, 32, 1000}) EXPECT_TRUE(Cover(EqualShards(count))) << count;
}

TEST(ShardMap, GapsAndOverlapsAreNoticed) {
    EXPECT_FALSE(Cover({}));
    EXPECT_FALSE(Cover({{1, kLastHash}}));
    EXPECT_FALSE(Cover({{0, kLastHash - 1}}));
    EXPECT_FALSE(Cover({{0, 9}, {11, kLastHash}}));
    EXPECT_FALSE(Cover({{0, 9}, {9, kLastHash}}));
    EXPECT_FALSE(Cover({{0, kLastHash}, {0, kLastHash}}));
    EXPECT_TRUE(Cover({{0, 9}, {10, kLastHash}}));
}

TEST(ShardMap, HashOnUpperBoundBelongsToItsShardAndTheNextToTheNext) {
    std::vector<TestShard> shards = {{0, 9}, {10, 10}, {11, kLastHash}};
    EXPECT_EQ(Find(shards, 0), 0);
    EXPECT_EQ(Find(shards, 9), 0);
    EXPECT_EQ(Find(shards, 10), 1);
    EXPECT_EQ(Find(shards, 11), 2);
    EXPECT_EQ(Find(shards, kLastHash), 2);
}

TEST(ShardMap, EveryHashBelongsToTheOneShardThatHoldsIt) {
    std::mt19937 random(2);
    for (int round = 0; round < 300; round++) {
        int count = static_cast<int>(random() % 70) + 1;
        auto shards = round % 2 == 0 ? EqualShards(count) : UnequalShards(count, random);
        ASSERT_TRUE(Cover(shards));
        for (int n = 0; n < 200; n++) {
            auto hash = static_cast<uint32_t>(random());
            const TestShard& shard = shards[static_cast<size_t>(Find(shards, hash))];
            ASSERT_LE(shard.lower_hash, hash);
            ASSERT_GE(shard.upper_hash, hash);
        }
        for (size_t i = 0; i < shards.size(); i++) {
            ASSERT_EQ(Find(shards, shards[i].lower_hash), static_cast<int>(i));
            ASSERT_EQ(Find(shards, shards[i].upper_hash), static_cast<int>(i));
        }
    }
}

}  // namespace
}  // namespace herd::sharding
