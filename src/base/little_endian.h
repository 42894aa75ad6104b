// Integers as bytes, least significant first, on every machine.
#pragma once

#include <cstddef>
#include <type_traits>

namespace herd {

template <class Integer>
inline void StoreLittleEndian(unsigned char* out, Integer value) {
    using Unsigned = std::make_unsigned_t<Integer>;
    auto bits = static_cast<Unsigned>(value);
    for (size_t i = 0; i < sizeof(Integer); i++) out[i] = static_cast<unsigned char>(bits >> (8 * i));
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
