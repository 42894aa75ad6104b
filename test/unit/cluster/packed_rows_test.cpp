#include "cluster/packed_rows.h"

#include <gtest/gtest.h>

#include <string>

namespace herd::cluster {

namespace {

using namespace std::string_literals;

PackedRows RowsIn(const std::string& bytes) { return {bytes.data(), bytes.data() + bytes.size()}; }

TEST(PackedRows, ValuesFollowEachOther) {
    std::string bytes = "\0\0\0\2ab\0\xFF\xFF\xFF\xFF\0\0\0\0\0"s;
    PackedRows rows = RowsIn(bytes);
    PackedValue value;
    ASSERT_TRUE(TakePackedValue(&rows, &value));
    EXPECT_STREQ(value.data, "ab");
    EXPECT_EQ(value.length, 2);
    ASSERT_TRUE(TakePackedValue(&rows, &value));
    EXPECT_EQ(value.data, nullptr);
    ASSERT_TRUE(TakePackedValue(&rows, &value));
    EXPECT_STREQ(value.data, "");
    EXPECT_EQ(value.length, 0);
    EXPECT_TRUE(rows.empty());
    EXPECT_FALSE(TakePackedValue(&rows, &value));
}

TEST(PackedRows, WhatIsCutOffIsNoValue) {
    std::string bytes = "\0\0\0\2ab\0"s;
    for (size_t length = 0; length < bytes.size(); length++) {
        std::string cut = bytes.substr(0, length);
        PackedRows rows = RowsIn(cut);
        PackedValue value;
        EXPECT_FALSE(TakePackedValue(&rows, &value)) << length;
    }
}

TEST(PackedRows, ALengthBeyondTheEndIsNoValue) {
    std::string bytes = "\x7F\xFF\xFF\xFFx\0"s;
    PackedRows rows = RowsIn(bytes);
    PackedValue value;
    EXPECT_FALSE(TakePackedValue(&rows, &value));
}

}  // namespace

}  // namespace herd::cluster
