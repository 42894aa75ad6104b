// [pure]
// What a coordinator says about a task, as the bytes of one extra bytea parameter behind the statement's own.
// The node's guard reads it. Layout, integers little-endian:
//   "HERD" | u8 version | u16 flags | u16 length of user name | user name | u16 shard count | i64 shard id | u32 map version …
// and only with kTaskReports
//   u32 window
// and only with kTaskSaysConnections
//   u8 connections
// and only with kTaskHasStatement
//   u64 session | u32 statement | u8 count of finished statements | u32 statement …
//
// The version is that of the whole protocol (base/protocol.h). In versions before 4 flags have one byte, and nothing is said of
// connections.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/ids.h"
#include "base/protocol.h"

namespace herd::plan {

enum TaskFlags : uint16_t {
    kTaskWrites = 1,             // the task writes or locks rows
    kTaskShowsRows = 2,          // the user may read the tables as a whole: errors may show keys and rows
    kTaskHasStatement = 4,       // set by EncodeTaskHeader()
    kTaskSharesSnapshot = 8,     // tasks of the statement may come over several connections to the node
    kTaskNeedsSnapshot = 16,     // the statement's snapshot must have been taken before
    kTaskPacksRows = 32,         // rows are wanted in binary, many in one message (guard/packed_rows.h)
    kTaskReports = 64,           // set by EncodeTaskHeader()
    kTaskSaysConnections = 256,  // set by EncodeTaskHeader()
};

// Which of the coordinator's statements the task belongs to: all tasks of one see one snapshot on a node. A task that is all its
// statement does has none.
struct StatementToken {
    uint64_t session = 0;  // a random number of the coordinator's backend
    uint32_t number = 0;   // counts its statements; 0: none
};

inline constexpr size_t kMaxFinishedStatements = 255;

// A shard that the task touches, and the version of its map that the coordinator has: it changes with the shard's bounds and placements.
struct TaskShard {
    ShardId id;
    uint32_t map_version;
    bool operator==(const TaskShard&) const = default;
};

struct TaskHeader {
    int version = kProtocols.newest;
    uint16_t flags = 0;
    uint8_t connections = 1;          // to the node, over which the statement's tasks come
    const char* user_name = nullptr;  // role name, not necessarily zero-terminated when decoded
    size_t user_name_length = 0;
    const TaskShard* shards = nullptr;  // when decoding: not set, read with TaskHeaderShard()
    size_t shard_count = 0;
    const unsigned char* shard_bytes = nullptr;  // decoded only
    uint32_t report_window = 0;  // µs; the node says ahead of the rows what the task's snapshot sees; 0: it doesn't
    StatementToken statement;
    const uint32_t* finished = nullptr;             // statements whose snapshots the node may forget; encoded only
    size_t finished_count = 0;                      // at most kMaxFinishedStatements
    const unsigned char* finished_bytes = nullptr;  // decoded only
};

size_t TaskHeaderSize(const TaskHeader& header);
// Writes TaskHeaderSize() bytes.
void EncodeTaskHeader(const TaskHeader& header, unsigned char* out);

enum class DecodeResult : uint8_t { kOk, kNotAHeader, kUnknownVersion, kMalformed };
// The decoded header points into bytes. Of an unknown version only that is decoded.
DecodeResult DecodeTaskHeader(const unsigned char* bytes, size_t length, ProtocolRange known, TaskHeader* header);
TaskShard TaskHeaderShard(const TaskHeader& decoded, size_t index);
uint32_t TaskHeaderFinished(const TaskHeader& decoded, size_t index);

}  // namespace herd::plan
