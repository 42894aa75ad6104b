#include "cluster/shard_messages.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace herd::cluster {
namespace {

std::vector<std::string> Mentions(const std::string& text) {
    std::vector<std::string> found;
    SchemaMention mention{};
    for (size_t from = 0; FindShardSchema(text.c_str(), from, &mention); from = mention.offset + mention.length)
        found.push_back(text.substr(mention.offset, mention.length));
    return found;
}

using Names = std::vector<std::string>;

TEST(ShardMessages, FindsQualifiedNames) {
    EXPECT_EQ(Mentions("relation \"herd_102_1.orders\" does not exist"), Names{"herd_102_1"});
    EXPECT_EQ(Mentions("schema \"herd_102_1\" does not exist"), Names{"herd_102_1"});
    EXPECT_EQ(Mentions("herd_102_1"), Names{"herd_102_1"});
}

TEST(ShardMessages, FindsAll) {
    EXPECT_EQ(Mentions("herd_1_2.a and herd_33_44.b, herd_1_2"), (Names{"herd_1_2", "herd_33_44", "herd_1_2"}));
}

TEST(ShardMessages, LeavesOtherNamesAlone) {
    for (const char* text :
         {"", "orders", "herd", "herd_", "herd_102", "herd_102_", "herd__1", "herd_x_1", "myherd_102_1", "_herd_102_1",
          "herd_102_1x", "herd_102_1_2", "herd_102_1\xC3\xA4", "\xC3\xA4herd_102_1", "1herd_102_1", "herd_102_1$"})
        EXPECT_TRUE(Mentions(text).empty()) << text;
}

TEST(ShardMessages, ANameInsideALongerOneIsNone) { EXPECT_EQ(Mentions("herd_herd_7_8"), Names{}); }

TEST(ShardMessages, SearchStartsWhereItIsTold) {
    SchemaMention mention{};
    ASSERT_TRUE(FindShardSchema("herd_1_1 herd_2_2", 8, &mention));
    EXPECT_EQ(mention.offset, 9U);
    EXPECT_EQ(mention.length, 8U);
}

}  // namespace
}  // namespace herd::cluster
