// Rows on their way into a shard: the data of its next COPY, and the user's line of each of its lines. Internal to shard_loader.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <lib/stringinfo.h>
}

namespace herd::operations {

struct ShardBuffer {
    StringInfoData data;
    uint64* lines;
    int line_count;
    int line_capacity;
    int flush_at;  // bytes
};

size_t AllocatedBytes(const ShardBuffer* buffer);

// Gives an empty buffer memory of the current context, if it has none.
void ReserveBuffer(ShardBuffer* buffer);
void AddLine(ShardBuffer* buffer, uint64 line);

// Empty again: to be filled anew, or without memory.
void ResetBuffer(ShardBuffer* buffer);
void FreeBuffer(ShardBuffer* buffer);

}  // namespace herd::operations
