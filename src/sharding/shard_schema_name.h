// Names of shards' schemas: shard 102 of a table in the group's schema number 1 lies in "herd_102_1".
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/ids.h"

namespace herd::sharding {

struct ShardSchema {
    ShardId shard;
    int schema_number;
    bool operator==(const ShardSchema&) const = default;
};

// Enough for every name and its terminating zero.
inline constexpr size_t kShardSchemaNameSize = 40;

// Writes the name with its terminating zero. The name never needs quotes.
void FormatShardSchemaName(ShardSchema schema, char (&out)[kShardSchemaNameSize]);

// The reverse; nothing for any text that FormatShardSchemaName() would not write.
std::optional<ShardSchema> ParseShardSchemaName(std::string_view name);

}  // namespace herd::sharding
