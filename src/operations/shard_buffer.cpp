#include "operations/shard_buffer.h"

extern "C" {
#include <utils/memutils.h>
}

namespace herd::operations {

static constexpr int kFirstLines = 256;

size_t AllocatedBytes(const ShardBuffer* buffer) {
    return buffer->data.maxlen + sizeof(uint64) * buffer->line_capacity;
}

void ReserveBuffer(ShardBuffer* buffer) {
    if (buffer->data.data != nullptr) return;
    initStringInfo(&buffer->data);
    buffer->line_capacity = kFirstLines;
    buffer->lines = static_cast<uint64*>(palloc(sizeof(uint64) * buffer->line_capacity));
}

void AddLine(ShardBuffer* buffer, uint64 line) {
    if (buffer->line_count == buffer->line_capacity) {
        buffer->line_capacity *= 2;
        buffer->lines = static_cast<uint64*>(repalloc_huge(buffer->lines, sizeof(uint64) * buffer->line_capacity));
    }
    buffer->lines[buffer->line_count++] = line;
}

void ResetBuffer(ShardBuffer* buffer) {
    buffer->line_count = 0;
    resetStringInfo(&buffer->data);
}

void FreeBuffer(ShardBuffer* buffer) {
    pfree(buffer->data.data);
    pfree(buffer->lines);
    buffer->data = StringInfoData{};
    buffer->lines = nullptr;
    buffer->line_count = buffer->line_capacity = 0;
}

}  // namespace herd::operations
