#include "base/result.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace herd {
namespace {

// Both zones hold reasons, so a jump over one must do no harm.
static_assert(std::is_trivially_destructible_v<Reason>);
static_assert(std::is_trivially_destructible_v<Result<int>>);

TEST(Result, HoldsAValue) {
    Result<int> result(7);
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result.value(), 7);
}

TEST(Result, HoldsAReason) {
    Result<int> result(Reason{kInvalidParameterValue, "no", nullptr, "try again"});
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.reason().sqlstate, kInvalidParameterValue);
    EXPECT_STREQ(result.reason().hint, "try again");
}

}  // namespace
}  // namespace herd
