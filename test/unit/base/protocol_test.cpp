#include "base/protocol.h"

#include <gtest/gtest.h>

namespace herd {
namespace {

TEST(Protocol, NeighboursSpeakTheNewestThatBothUnderstand) {
    EXPECT_EQ(CommonProtocol({3, 4}, {3, 4}), 4);
    EXPECT_EQ(CommonProtocol({3, 4}, {2, 3}), 3);
    EXPECT_EQ(CommonProtocol({2, 3}, {3, 4}), 3);
    EXPECT_EQ(CommonProtocol({3, 4}, {4, 5}), 4);
}

TEST(Protocol, OthersHaveNoneInCommon) {
    EXPECT_EQ(CommonProtocol({3, 4}, {1, 2}), kNoProtocol);
    EXPECT_EQ(CommonProtocol({1, 2}, {3, 4}), kNoProtocol);
    EXPECT_EQ(CommonProtocol({3, 4}, {5, 6}), kNoProtocol);
}

TEST(Protocol, AReleaseUnderstandsTheOneBefore) { EXPECT_EQ(kProtocols.newest, kProtocols.oldest + 1); }

}  // namespace
}  // namespace herd
