// The place of a key on the hash ring: the upper 32 bits of XXH3_64bits over the value's canonical bytes.
// The result is part of the data's layout on every node: it never changes (fixed vectors in the tests).
// Values of different key classes need not agree.
#pragma once

#include <cstddef>
#include <cstdint>

namespace herd::sharding {

// Where NULL keys live.
inline constexpr uint32_t kHashOfNull = 0;

// text, varchar, bytea, uuid (16 bytes) and labels of enums: the bytes as they are.
uint32_t HashBytes(const void* bytes, size_t length);

// Integers of any width, date (days) and timestamps (microseconds): 8 bytes little-endian.
uint32_t HashInteger(int64_t value);

// Widened to double; -0 equals 0, all NaNs are one.
uint32_t HashFloat(double value);

uint32_t HashBool(bool value);

// char(n): trailing blanks don't count.
uint32_t HashBlankPadded(const char* text, size_t length);

// A numeric as sign, base-10000 digits and the weight of the first digit (value = sum of digit[i] * 10000^(weight - i)).
// Leading and trailing zero digits don't count, so equal numerics hash alike whatever their scale.
enum class NumericSign : uint8_t { kPositive, kNegative, kNaN, kInfinity, kNegativeInfinity };
struct NumericParts {
    NumericSign sign;
    int16_t weight;
    size_t digit_count;
    const unsigned char* digits;  // int16 each, big-endian, as numeric_send() writes them
};
uint32_t HashNumeric(const NumericParts& value);

}  // namespace herd::sharding
