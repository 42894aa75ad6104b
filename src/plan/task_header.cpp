// [pure]
#include "plan/task_header.h"

#include <cstring>

#include "base/little_endian.h"

namespace herd::plan {

namespace {

constexpr char kMagic[4] = {'H', 'E', 'R', 'D'};
constexpr size_t kVersionAt = 4;
constexpr size_t kFlagsAt = 5;
constexpr size_t kNameLengthAt = 6;
constexpr size_t kNameAt = 8;
constexpr size_t kShardSize = sizeof(int64_t);
constexpr size_t kTokensSize = 2 * sizeof(uint64_t);

size_t TokensSize(uint8_t flags) { return (flags & kTaskHasToken) != 0 ? kTokensSize : 0; }

}  // namespace

size_t TaskHeaderSize(const TaskHeader& header) {
    return kNameAt + header.user_name_length + sizeof(uint16_t) + header.shard_count * kShardSize +
           TokensSize(header.flags);
}

void EncodeTaskHeader(const TaskHeader& header, unsigned char* out) {
    memcpy(out, kMagic, sizeof(kMagic));
    out[kVersionAt] = kTaskProtocolVersion;
    out[kFlagsAt] = header.flags;
    StoreLittleEndian(out + kNameLengthAt, static_cast<uint16_t>(header.user_name_length));
    if (header.user_name_length > 0) memcpy(out + kNameAt, header.user_name, header.user_name_length);
    unsigned char* at = out + kNameAt + header.user_name_length;
    StoreLittleEndian(at, static_cast<uint16_t>(header.shard_count));
    at += sizeof(uint16_t);
    for (size_t i = 0; i < header.shard_count; i++, at += kShardSize) StoreLittleEndian(at, header.shards[i].value);
    if (TokensSize(header.flags) == 0) return;
    StoreLittleEndian(at, header.token);
    StoreLittleEndian(at + sizeof(uint64_t), header.oldest_token);
}

DecodeResult DecodeTaskHeader(const unsigned char* bytes, size_t length, TaskHeader* header) {
    if (length < sizeof(kMagic) || memcmp(bytes, kMagic, sizeof(kMagic)) != 0) return DecodeResult::kNotAHeader;
    if (length <= kVersionAt) return DecodeResult::kMalformed;
    if (bytes[kVersionAt] != kTaskProtocolVersion) return DecodeResult::kUnknownVersion;
    if (length < kNameAt) return DecodeResult::kMalformed;

    size_t name_length = LoadLittleEndian<uint16_t>(bytes + kNameLengthAt);
    size_t count_at = kNameAt + name_length;
    if (length < count_at + sizeof(uint16_t)) return DecodeResult::kMalformed;

    size_t shard_count = LoadLittleEndian<uint16_t>(bytes + count_at);
    size_t shards_at = count_at + sizeof(uint16_t);
    size_t tokens_at = shards_at + shard_count * kShardSize;
    if (length != tokens_at + TokensSize(bytes[kFlagsAt])) return DecodeResult::kMalformed;

    *header = TaskHeader{};
    header->flags = bytes[kFlagsAt];
    if (TokensSize(header->flags) > 0) {
        header->token = LoadLittleEndian<uint64_t>(bytes + tokens_at);
        header->oldest_token = LoadLittleEndian<uint64_t>(bytes + tokens_at + sizeof(uint64_t));
    }
    header->user_name = reinterpret_cast<const char*>(bytes + kNameAt);
    header->user_name_length = name_length;
    header->shard_count = shard_count;
    header->shard_bytes = bytes + shards_at;
    return DecodeResult::kOk;
}

ShardId TaskHeaderShard(const TaskHeader& decoded, size_t index) {
    return ShardId{LoadLittleEndian<int64_t>(decoded.shard_bytes + index * kShardSize)};
}

}  // namespace herd::plan
