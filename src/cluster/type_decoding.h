// How values of a type travel from a node and are decoded. Internal to this module.
#pragma once

#include "postgres/pg.h"

namespace herd::cluster {

enum class Decode : uint8 {
    kDropped,
    kByte,
    kInt16,
    kInt32,
    kUInt32,
    kInt64,
    kVarlena,  // the bytes are the contents: text and its like, bytea
    kUuid,
    kJsonb,
    kReceive,
    kInput,
};

// Types whose binary form needs no function; kReceive for all others.
Decode DirectDecode(Oid type);
inline bool NeedsNoFunction(Decode decode) { return decode < Decode::kReceive; }

struct TypeDecoding {
    bool is_binary;  // has it a binary form that is the same on all nodes?
    Decode decode;   // if it has
    bool is_domain;
    int32 domain_typmod;
    Oid function;  // if decode needs one
    Oid io_parameter;
};

// What the catalogs say of a type, kept as long as they say the same: decoders are made for every statement.
TypeDecoding FindTypeDecoding(Oid type);

}  // namespace herd::cluster
