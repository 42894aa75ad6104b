// [pure]
// What a coordinator says about a task, as the bytes of one extra bytea parameter behind the statement's own.
// The node's guard reads it. Layout, integers little-endian:
//   "HERD" | u8 version | u8 flags | u16 length of user name | user name | u16 shard count | i64 shard id …
//   with kTaskHasToken, behind them: u64 token | u64 oldest token still in use
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/ids.h"

namespace herd::plan {

inline constexpr uint8_t kTaskProtocolVersion = 1;

enum TaskFlags : uint8_t {
    kTaskWrites = 1,         // the task writes or locks rows
    kTaskShowsRows = 2,      // the user may read the tables as a whole: errors may show keys and rows
    kTaskHasToken = 4,       // it reads with its statement's snapshot
    kTaskTakesSnapshot = 8,  // its own snapshot becomes the statement's
};

struct TaskHeader {
    uint8_t flags = 0;
    const char* user_name = nullptr;  // role name, not necessarily zero-terminated when decoded
    size_t user_name_length = 0;
    const ShardId* shards = nullptr;  // when decoding: not set, read with TaskHeaderShard()
    size_t shard_count = 0;
    const unsigned char* shard_bytes = nullptr;  // decoded only
    uint64_t token = 0;         // names a statement of the coordinator's session; later ones have greater tokens
    uint64_t oldest_token = 0;  // snapshots of smaller ones are needed no more
};

size_t TaskHeaderSize(const TaskHeader& header);
// Writes TaskHeaderSize() bytes.
void EncodeTaskHeader(const TaskHeader& header, unsigned char* out);

enum class DecodeResult : uint8_t { kOk, kNotAHeader, kUnknownVersion, kMalformed };
// The decoded header points into bytes.
DecodeResult DecodeTaskHeader(const unsigned char* bytes, size_t length, TaskHeader* header);
ShardId TaskHeaderShard(const TaskHeader& decoded, size_t index);

}  // namespace herd::plan
