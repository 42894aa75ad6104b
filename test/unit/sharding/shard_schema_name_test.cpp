#include "sharding/shard_schema_name.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace herd::sharding {
namespace {

std::string Format(int64_t shard, int schema_number) {
    char name[kShardSchemaNameSize];
    FormatShardSchemaName({ShardId{shard}, schema_number}, name);
    return name;
}

TEST(ShardSchemaName, NamesShardThenSchemaNumber) { EXPECT_EQ(Format(102, 1), "herd_102_1"); }

TEST(ShardSchemaName, LargestNumbersFitAndSurviveTheRoundTrip) {
    constexpr auto kShard = std::numeric_limits<int64_t>::max();
    constexpr auto kNumber = std::numeric_limits<int>::max();
    std::string name = Format(kShard, kNumber);
    EXPECT_EQ(name, "herd_9223372036854775807_2147483647");
    EXPECT_EQ(ParseShardSchemaName(name), (ShardSchema{ShardId{kShard}, kNumber}));
}

TEST(ShardSchemaName, ReadsWhatItWrites) {
    for (int64_t shard : {1, 9, 10, 101, 99999})
        for (int number : {1, 2, 10, 12345})
            EXPECT_EQ(ParseShardSchemaName(Format(shard, number)), (ShardSchema{ShardId{shard}, number}));
}

TEST(ShardSchemaName, UsersOwnNamesAreNotMistaken) {
    for (const char* name : {"",
                             "public",
                             "herd",
                             "herd_",
                             "herd_102",
                             "herd_102_",
                             "herd_102_1_",
                             "herd_102_1x",
                             "herd_x_1",
                             "herd_102_x",
                             "herd__1",
                             "herd_-1_1",
                             "herd_1_-1",
                             "herd_+1_1",
                             "herd_ 1_1",
                             "herd_01_1",
                             "herd_1_01",
                             "herd_0_1",
                             "herd_1_0",
                             "Herd_102_1",
                             "herd_102_1 ",
                             "xherd_102_1",
                             "herd_9223372036854775808_1",
                             "herd_1_2147483648"})
        EXPECT_FALSE(ParseShardSchemaName(name).has_value()) << name;
}

}  // namespace
}  // namespace herd::sharding
