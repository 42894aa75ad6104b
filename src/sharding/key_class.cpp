#include "sharding/key_class.h"

#include <cstddef>

namespace herd {

namespace {

// In the order of KeyClass.
constexpr const char* kNames[] = {"integer", "float", "numeric",   "text",        "char",  "uuid",
                                  "bool",    "date",  "timestamp", "timestamptz", "bytea", "enum"};

}  // namespace

const char* KeyClassName(KeyClass key_class) { return kNames[static_cast<size_t>(key_class)]; }

std::optional<KeyClass> FindKeyClassByName(std::string_view name) {
    for (size_t i = 0; i < sizeof(kNames) / sizeof(kNames[0]); i++)
        if (name == kNames[i]) return static_cast<KeyClass>(i);
    return std::nullopt;
}

}  // namespace herd
