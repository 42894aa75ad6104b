// [pure]
// Built-in types as their values travel in binary between servers. Who writes and who reads them must agree, so it is said here once.
#pragma once

#include <cstdint>

namespace herd::catalog {

enum class BinaryForm : uint8_t {
    // The value in memory, in network order.
    kByte,
    kInt16,
    kInt32,
    kUInt32,
    kInt64,
    kContents,  // the contents of the varlena; text is in the encoding of the database
    kUuid,
    kJsonb,
    kText,   // what the output function gives
    kOther,  // what the send function gives, or none
};

BinaryForm BinaryFormOf(uint32_t type);

// The type has a binary form without text in it, so the session's client_encoding doesn't matter.
bool IsBinaryFreeOfText(uint32_t type);

// regclass and its like: the binary form is an OID, which is another object's on another node; the text names the object, with its schema
// if the search path does not lead to it.
bool NamesObject(uint32_t type);

}  // namespace herd::catalog
