// [pure]
// Reads rows that a node has packed into one field (guard/packed_rows.h writes them).
#pragma once

#include <cstddef>
#include <cstdint>

namespace herd::cluster {

// What is left of a field.
struct PackedRows {
    const char* at = nullptr;
    const char* end = nullptr;
    bool empty() const { return at == end; }
};

struct PackedValue {
    const char* data;  // null for NULL; a zero byte follows
    int length;
};

// The next value; false if what is left can't be one.
inline bool TakePackedValue(PackedRows* rows, PackedValue* value) {
    constexpr size_t kLengthSize = sizeof(uint32_t);
    if (static_cast<size_t>(rows->end - rows->at) < kLengthSize) return false;
    const auto* bytes = reinterpret_cast<const unsigned char*>(rows->at);
    uint32_t length = static_cast<uint32_t>(bytes[0]) << 24 | static_cast<uint32_t>(bytes[1]) << 16 |
                      static_cast<uint32_t>(bytes[2]) << 8 | bytes[3];
    rows->at += kLengthSize;
    *value = {nullptr, 0};
    if (length == UINT32_MAX) return true;
    if (static_cast<size_t>(rows->end - rows->at) <= length) return false;
    *value = {rows->at, static_cast<int>(length)};
    rows->at += length + 1;
    return true;
}

}  // namespace herd::cluster
