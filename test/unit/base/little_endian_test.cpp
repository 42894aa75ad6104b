#include "base/little_endian.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace herd {
namespace {

template <class Integer>
Integer ThereAndBack(Integer value) {
    unsigned char bytes[sizeof(Integer)];
    StoreLittleEndian(bytes, value);
    return LoadLittleEndian<Integer>(bytes);
}

TEST(LittleEndian, LeastSignificantByteIsFirst) {
    unsigned char bytes[4];
    StoreLittleEndian(bytes, uint32_t{0x01020304});
    EXPECT_EQ(bytes[0], 4);
    EXPECT_EQ(bytes[3], 1);
}

TEST(LittleEndian, ExtremesSurviveTheRoundTrip) {
    for (int64_t value : {std::numeric_limits<int64_t>::min(), int64_t{-1}, int64_t{0}, int64_t{0x0102030405060708},
                          std::numeric_limits<int64_t>::max()})
        EXPECT_EQ(ThereAndBack(value), value);
    for (int value : {-32768, -1, 0, 1, 255, 256, 32767}) EXPECT_EQ(ThereAndBack(static_cast<int16_t>(value)), value);
    EXPECT_EQ(ThereAndBack(uint16_t{65535}), 65535);
}

}  // namespace
}  // namespace herd
