#include "sharding/shard_schema_name.h"

#include <charconv>
#include <cstring>

namespace herd::sharding {

namespace {

constexpr std::string_view kPrefix = "herd_";

// Takes a positive number without leading zeros from the front of text.
template <class Integer>
bool TakeNumber(std::string_view& text, Integer& number) {
    if (text.empty() || text[0] < '1' || text[0] > '9') return false;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return false;
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    return true;
}

}  // namespace

void FormatShardSchemaName(ShardSchema schema, char (&out)[kShardSchemaNameSize]) {
    char* limit = out + kShardSchemaNameSize - 1;
    memcpy(out, kPrefix.data(), kPrefix.size());
    char* at = std::to_chars(out + kPrefix.size(), limit, schema.shard.value).ptr;
    *at++ = '_';
    at = std::to_chars(at, limit, schema.schema_number).ptr;
    *at = '\0';
}

std::optional<ShardSchema> ParseShardSchemaName(std::string_view name) {
    if (!name.starts_with(kPrefix)) return std::nullopt;
    name.remove_prefix(kPrefix.size());
    ShardSchema schema{};
    if (!TakeNumber(name, schema.shard.value)) return std::nullopt;
    if (!name.starts_with('_')) return std::nullopt;
    name.remove_prefix(1);
    if (!TakeNumber(name, schema.schema_number) || !name.empty()) return std::nullopt;
    return schema;
}

}  // namespace herd::sharding
