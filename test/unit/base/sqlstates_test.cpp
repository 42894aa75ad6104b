#include "base/sqlstates.h"

#include <gtest/gtest.h>

namespace herd {
namespace {

// The same packing as PostgreSQL's MAKE_SQLSTATE.
TEST(SqlStates, FirstCharacterIsInTheLowestSixBits) {
    EXPECT_EQ(PackSqlState("00000"), 0);
    EXPECT_EQ(PackSqlState("10000"), 1);
    EXPECT_EQ(PackSqlState("01000"), 1 << 6);
    EXPECT_EQ(PackSqlState("00001"), 1 << 24);
    EXPECT_EQ(kInternalError, ('X' - '0') | ('X' - '0') << 6);
}

TEST(SqlStates, HerdsOwnAreDistinct) {
    EXPECT_NE(kStalePlacement, kProtocolMismatch);
    EXPECT_NE(kProtocolMismatch, kNotDistributed);
}

}  // namespace
}  // namespace herd
