// Classes of distribution keys: equal values of one class hash alike whatever their type's width.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace herd {

enum class KeyClass : uint8_t {
    kInteger,  // int2, int4, int8
    kFloat,    // float4, float8
    kNumeric,
    kText,  // text, varchar
    kChar,  // char(n), trailing blanks don't count
    kUuid,
    kBool,
    kDate,
    kTimestamp,
    kTimestampTz,
    kBytea,
    kEnum,  // by label
};

// The name in herd.colocation.key_class and in messages: "integer", "timestamptz", ….
const char* KeyClassName(KeyClass key_class);
std::optional<KeyClass> FindKeyClassByName(std::string_view name);

}  // namespace herd
