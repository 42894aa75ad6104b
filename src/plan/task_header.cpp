// [pure]
#include "plan/task_header.h"

#include <cstring>

#include "base/little_endian.h"

namespace herd::plan {

namespace {

constexpr char kMagic[4] = {'H', 'E', 'R', 'D'};
constexpr size_t kVersionAt = 4;
constexpr size_t kFlagsAt = 5;
constexpr int kFirstWithWideFlags = 4;
constexpr size_t kShardSize = sizeof(int64_t) + sizeof(uint32_t);
constexpr size_t kWindowSize = sizeof(uint32_t);
// Of the part about the statement.
constexpr size_t kNumberAt = 8;
constexpr size_t kFinishedCountAt = 12;
constexpr size_t kFinishedAt = 13;

size_t NameLengthAt(int version) {
    return kFlagsAt + (version < kFirstWithWideFlags ? sizeof(uint8_t) : sizeof(uint16_t));
}
size_t NameAt(int version) { return NameLengthAt(version) + sizeof(uint16_t); }

bool HasStatement(const TaskHeader& header) { return header.statement.number != 0 || header.finished_count > 0; }

size_t StatementSize(size_t finished_count) { return kFinishedAt + finished_count * sizeof(uint32_t); }

bool SaysConnections(const TaskHeader& header) {
    return header.version >= kFirstWithWideFlags && header.connections > 1;
}

uint16_t AllFlags(const TaskHeader& header) {
    return static_cast<uint16_t>(header.flags | (HasStatement(header) ? kTaskHasStatement : 0) |
                                 (header.report_window != 0 ? kTaskReports : 0) |
                                 (SaysConnections(header) ? kTaskSaysConnections : 0));
}

void EncodeFlags(const TaskHeader& header, unsigned char* out) {
    uint16_t flags = AllFlags(header);
    if (header.version < kFirstWithWideFlags)
        *out = static_cast<unsigned char>(flags);
    else
        StoreLittleEndian(out, flags);
}

uint16_t DecodeFlags(const unsigned char* bytes, int version) {
    return version < kFirstWithWideFlags ? *bytes : LoadLittleEndian<uint16_t>(bytes);
}

void EncodeStatement(const TaskHeader& header, unsigned char* out) {
    StoreLittleEndian(out, header.statement.session);
    StoreLittleEndian(out + kNumberAt, header.statement.number);
    out[kFinishedCountAt] = static_cast<unsigned char>(header.finished_count);
    for (size_t i = 0; i < header.finished_count; i++)
        StoreLittleEndian(out + kFinishedAt + i * sizeof(uint32_t), header.finished[i]);
}

bool DecodeStatement(const unsigned char* bytes, size_t length, TaskHeader* header) {
    if (length < kFinishedAt || length != StatementSize(bytes[kFinishedCountAt])) return false;
    header->statement.session = LoadLittleEndian<uint64_t>(bytes);
    header->statement.number = LoadLittleEndian<uint32_t>(bytes + kNumberAt);
    header->finished_count = bytes[kFinishedCountAt];
    header->finished_bytes = bytes + kFinishedAt;
    return true;
}

}  // namespace

size_t TaskHeaderSize(const TaskHeader& header) {
    size_t report = header.report_window != 0 ? kWindowSize : 0;
    size_t connections = SaysConnections(header) ? sizeof(uint8_t) : 0;
    size_t statement = HasStatement(header) ? StatementSize(header.finished_count) : 0;
    return NameAt(header.version) + header.user_name_length + sizeof(uint16_t) + header.shard_count * kShardSize +
           report + connections + statement;
}

void EncodeTaskHeader(const TaskHeader& header, unsigned char* out) {
    memcpy(out, kMagic, sizeof(kMagic));
    out[kVersionAt] = static_cast<unsigned char>(header.version);
    EncodeFlags(header, out + kFlagsAt);
    StoreLittleEndian(out + NameLengthAt(header.version), static_cast<uint16_t>(header.user_name_length));
    unsigned char* at = out + NameAt(header.version);
    if (header.user_name_length > 0) memcpy(at, header.user_name, header.user_name_length);
    at += header.user_name_length;
    StoreLittleEndian(at, static_cast<uint16_t>(header.shard_count));
    at += sizeof(uint16_t);
    for (size_t i = 0; i < header.shard_count; i++, at += kShardSize) {
        StoreLittleEndian(at, header.shards[i].id.value);
        StoreLittleEndian(at + sizeof(int64_t), header.shards[i].map_version);
    }
    if (header.report_window != 0) {
        StoreLittleEndian(at, header.report_window);
        at += kWindowSize;
    }
    if (SaysConnections(header)) *at++ = header.connections;
    if (HasStatement(header)) EncodeStatement(header, at);
}

DecodeResult DecodeTaskHeader(const unsigned char* bytes, size_t length, ProtocolRange known, TaskHeader* header) {
    *header = TaskHeader{};
    if (length < sizeof(kMagic) || memcmp(bytes, kMagic, sizeof(kMagic)) != 0) return DecodeResult::kNotAHeader;
    if (length <= kVersionAt) return DecodeResult::kMalformed;
    int version = header->version = bytes[kVersionAt];
    if (!known.Contains(version)) return DecodeResult::kUnknownVersion;
    if (length < NameAt(version)) return DecodeResult::kMalformed;

    uint16_t flags = DecodeFlags(bytes + kFlagsAt, version);
    size_t name_length = LoadLittleEndian<uint16_t>(bytes + NameLengthAt(version));
    size_t count_at = NameAt(version) + name_length;
    if (length < count_at + sizeof(uint16_t)) return DecodeResult::kMalformed;

    size_t shard_count = LoadLittleEndian<uint16_t>(bytes + count_at);
    size_t shards_at = count_at + sizeof(uint16_t);
    size_t window_at = shards_at + shard_count * kShardSize;
    bool reports = (flags & kTaskReports) != 0;
    size_t connections_at = window_at + (reports ? kWindowSize : 0);
    bool says_connections = (flags & kTaskSaysConnections) != 0;
    size_t end = connections_at + (says_connections ? sizeof(uint8_t) : 0);
    bool has_statement = (flags & kTaskHasStatement) != 0;
    if (length < end || (!has_statement && length != end)) return DecodeResult::kMalformed;

    header->flags = flags;
    header->user_name = reinterpret_cast<const char*>(bytes + NameAt(version));
    header->user_name_length = name_length;
    header->shard_count = shard_count;
    header->shard_bytes = bytes + shards_at;
    if (reports) header->report_window = LoadLittleEndian<uint32_t>(bytes + window_at);
    if (says_connections) header->connections = bytes[connections_at];
    if (has_statement && !DecodeStatement(bytes + end, length - end, header)) return DecodeResult::kMalformed;
    return DecodeResult::kOk;
}

TaskShard TaskHeaderShard(const TaskHeader& decoded, size_t index) {
    const unsigned char* at = decoded.shard_bytes + index * kShardSize;
    return {ShardId{LoadLittleEndian<int64_t>(at)}, LoadLittleEndian<uint32_t>(at + sizeof(int64_t))};
}

uint32_t TaskHeaderFinished(const TaskHeader& decoded, size_t index) {
    return LoadLittleEndian<uint32_t>(decoded.finished_bytes + index * sizeof(uint32_t));
}

}  // namespace herd::plan
