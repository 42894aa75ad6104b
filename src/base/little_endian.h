// Integers as bytes, least significant first, on every machine.
#pragma once

#include <bit>
#include <cstddef>
#include <cstring>
#include <type_traits>

namespace herd {

// On little-endian machines one move: compilers don't make one of a loop over bytes, and a hash that
// reads what was just written byte by byte stalls.
template <class Integer>
inline void StoreLittleEndian(unsigned char* out, Integer value) {
    if constexpr (std::endian::native == std::endian::little) {
        memcpy(out, &value, sizeof(value));
    } else {
        auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
        for (size_t i = 0; i < sizeof(Integer); i++) out[i] = static_cast<unsigned char>(bits >> (8 * i));
    }
}

template <class Integer>
inline Integer LoadLittleEndian(const unsigned char* bytes) {
    using Unsigned = std::make_unsigned_t<Integer>;
    Unsigned bits = 0;
    for (size_t i = 0; i < sizeof(Integer); i++)
        bits = static_cast<Unsigned>(bits | static_cast<Unsigned>(static_cast<Unsigned>(bytes[i]) << (8 * i)));
    return static_cast<Integer>(bits);
}

}  // namespace herd
