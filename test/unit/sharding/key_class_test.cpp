#include "sharding/key_class.h"

#include <gtest/gtest.h>

namespace herd {
namespace {

TEST(KeyClass, EveryClassIsFoundByItsName) {
    for (int i = 0; i <= static_cast<int>(KeyClass::kEnum); i++) {
        auto key_class = static_cast<KeyClass>(i);
        EXPECT_EQ(FindKeyClassByName(KeyClassName(key_class)), key_class) << i;
    }
}

// The names are stored in herd.colocation.
TEST(KeyClass, NamesNeverChange) {
    EXPECT_STREQ(KeyClassName(KeyClass::kInteger), "integer");
    EXPECT_STREQ(KeyClassName(KeyClass::kFloat), "float");
    EXPECT_STREQ(KeyClassName(KeyClass::kNumeric), "numeric");
    EXPECT_STREQ(KeyClassName(KeyClass::kText), "text");
    EXPECT_STREQ(KeyClassName(KeyClass::kChar), "char");
    EXPECT_STREQ(KeyClassName(KeyClass::kUuid), "uuid");
    EXPECT_STREQ(KeyClassName(KeyClass::kBool), "bool");
    EXPECT_STREQ(KeyClassName(KeyClass::kDate), "date");
    EXPECT_STREQ(KeyClassName(KeyClass::kTimestamp), "timestamp");
    EXPECT_STREQ(KeyClassName(KeyClass::kTimestampTz), "timestamptz");
    EXPECT_STREQ(KeyClassName(KeyClass::kBytea), "bytea");
    EXPECT_STREQ(KeyClassName(KeyClass::kEnum), "enum");
}

TEST(KeyClass, UnknownNameIsNone) {
    EXPECT_FALSE(FindKeyClassByName("jsonb").has_value());
    EXPECT_FALSE(FindKeyClassByName("").has_value());
}

}  // namespace
}  // namespace herd
