#include "sharding/hash.h"

#include <bit>
#include <cmath>
#include <limits>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/little_endian.h"

namespace herd::sharding {

namespace {

// More digits than a key has in practice are hashed piece by piece through XXH3's streaming form.
constexpr size_t kNumericChunk = 64;
constexpr size_t kNumericHead = 3;

int16_t DigitAt(const NumericParts& value, size_t index) {
    return static_cast<int16_t>(value.digits[2 * index] << 8 | value.digits[2 * index + 1]);
}

uint32_t UpperHalf(uint64_t hash) { return static_cast<uint32_t>(hash >> 32); }

}  // namespace

uint32_t HashBytes(const void* bytes, size_t length) { return UpperHalf(XXH3_64bits(bytes, length)); }

uint32_t HashInteger(int64_t value) {
    unsigned char bytes[sizeof(value)];
    StoreLittleEndian(bytes, value);
    return HashBytes(bytes, sizeof(bytes));
}

uint32_t HashFloat(double value) {
    if (value == 0) value = 0;
    if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
    return HashInteger(std::bit_cast<int64_t>(value));
}

uint32_t HashBool(bool value) {
    unsigned char byte = value ? 1 : 0;
    return HashBytes(&byte, 1);
}

uint32_t HashBlankPadded(const char* text, size_t length) {
    while (length > 0 && text[length - 1] == ' ') length--;
    return HashBytes(text, length);
}

// Canonical bytes: sign, weight and digits (little-endian int16) without zeros at either end.
uint32_t HashNumeric(const NumericParts& value) {
    bool finite = value.sign == NumericSign::kPositive || value.sign == NumericSign::kNegative;
    size_t begin = 0;
    size_t end = finite ? value.digit_count : 0;
    while (begin < end && DigitAt(value, begin) == 0) begin++;
    while (begin < end && DigitAt(value, end - 1) == 0) end--;

    bool empty = begin == end;
    NumericSign sign = finite && empty ? NumericSign::kPositive : value.sign;
    auto weight = static_cast<int16_t>(empty ? 0 : value.weight - static_cast<int>(begin));

    unsigned char bytes[kNumericHead + 2 * kNumericChunk];
    bytes[0] = static_cast<unsigned char>(sign);
    StoreLittleEndian(bytes + 1, weight);
    size_t used = kNumericHead;
    if (end - begin <= kNumericChunk) {
        for (size_t i = begin; i < end; i++, used += 2) StoreLittleEndian(bytes + used, DigitAt(value, i));
        return HashBytes(bytes, used);
    }

    XXH3_state_t state;
    XXH3_64bits_reset(&state);
    for (size_t i = begin; i < end; i++) {
        StoreLittleEndian(bytes + used, DigitAt(value, i));
        used += 2;
        if (used + 2 <= sizeof(bytes)) continue;
        XXH3_64bits_update(&state, bytes, used);
        used = 0;
    }
    XXH3_64bits_update(&state, bytes, used);
    return UpperHalf(XXH3_64bits_digest(&state));
}

}  // namespace herd::sharding
