#include "operations/shard_loader.h"

#include <climits>
#include <cstring>

#include "operations/copy_error.h"
#include "operations/local_copy.h"
#include "operations/shard_buffer.h"
#include "transaction/session.h"

extern "C" {
#include <access/table.h>
#include <catalog/pg_constraint.h>
#include <miscadmin.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
#include <utils/relcache.h>
}

namespace herd::operations {

static constexpr int kFlushBytes = 512 * 1024;
static constexpr size_t kTotalBytes = 64 * 1024 * 1024;
// A row may refer to a later one of the same table: such tables get one COPY for each shard as long as memory allows.
static constexpr size_t kTotalBytesOfSelfReferring = 256 * 1024 * 1024;

// The lines of the COPY that a node works on; kept until the next one to that node, which waits for this one's end.
struct Outstanding {
    LineMap map;
};

struct ShardLoad {
    MemoryContext context;
    MemoryContext flush_context;  // reset after each flush
    const catalog::DistributedTable* table;
    const char* schema_name;
    const char* relation_name;
    List* columns;  // names (char*)
    ShardCopyFormat format;
    RowEncoder* encoder;  // null for lines
    List* local_columns;
    List* local_options;
    ShardBuffer* buffers;
    size_t buffered;  // bytes allocated by the buffers
    size_t limit;
    bool whole_shards;  // no limit for a single buffer
    int node_count;
    const catalog::NodeInfo* const* nodes;
    Outstanding** outstanding;  // by position in nodes
    int next_node;              // position of the node whose turn it is
    uint64 rows;
};

static List* ColumnNames(Relation shell, List* attnums) {
    List* names = NIL;
    ListCell* cell;
    foreach (cell, attnums)
        names = lappend(names, pstrdup(NameStr(TupleDescAttr(RelationGetDescr(shell), lfirst_int(cell) - 1)->attname)));
    return names;
}

static bool RefersToItself(Relation shell) {
    ListCell* cell;
    foreach (cell, RelationGetFKeyList(shell))
        if (static_cast<ForeignKeyCacheInfo*>(lfirst(cell))->confrelid == RelationGetRelid(shell)) return true;
    return false;
}

static void InitializeBuffers(ShardLoad* load) {
    int count = load->table->group->shard_count;
    load->limit = load->whole_shards ? kTotalBytesOfSelfReferring : kTotalBytes;
    load->buffers = static_cast<ShardBuffer*>(palloc0(sizeof(ShardBuffer) * count));
    // Rows spread evenly: with one limit for all, the buffers would fill up together, and nodes idle in between.
    for (int i = 0; i < count; i++)
        load->buffers[i].flush_at = load->whole_shards ? INT_MAX : kFlushBytes * (i % 8 + 1) / 8;
}

// The context is of the (sub)transaction, not of the caller: sent COPYs refer to it until the transaction has collected their end.
static ShardLoad* MakeLoad(const catalog::DistributedTable* table) {
    MemoryContext context = AllocSetContextCreate(CurTransactionContext, "herd shard load", ALLOCSET_DEFAULT_SIZES);
    auto load = static_cast<ShardLoad*>(MemoryContextAllocZero(context, sizeof(ShardLoad)));
    load->context = context;
    load->flush_context = AllocSetContextCreate(context, "herd shard flush", ALLOCSET_SMALL_SIZES);
    load->table = table;
    load->nodes = catalog::AllNodes(&load->node_count);
    load->outstanding = static_cast<Outstanding**>(MemoryContextAllocZero(context, sizeof(void*) * load->node_count));
    return load;
}

static void PrepareLoad(ShardLoad* load, Relation shell, List* attnums) {
    load->schema_name = get_namespace_name(RelationGetNamespace(shell));
    load->relation_name = pstrdup(RelationGetRelationName(shell));
    load->columns = ColumnNames(shell, attnums);
    load->local_columns = ShardCopyColumns(load->columns);
    load->local_options = ShardCopyOptions(load->format);
    load->whole_shards = RefersToItself(shell);
    InitializeBuffers(load);
}

ShardLoad* BeginShardLoad(const catalog::DistributedTable* table, List* attnums) {
    ShardLoad* load = MakeLoad(table);
    MemoryContext caller = MemoryContextSwitchTo(load->context);
    Relation shell = table_open(table->relid, NoLock);
    load->encoder = MakeRowEncoder(CreateTupleDescCopy(RelationGetDescr(shell)), attnums);
    load->format = RowEncoderFormat(load->encoder);
    PrepareLoad(load, shell, attnums);
    table_close(shell, NoLock);
    MemoryContextSwitchTo(caller);
    return load;
}

ShardLoad* BeginLineLoad(const catalog::DistributedTable* table, List* attnums, const ShardCopyFormat& format) {
    ShardLoad* load = MakeLoad(table);
    MemoryContext caller = MemoryContextSwitchTo(load->context);
    Relation shell = table_open(table->relid, NoLock);
    load->format = format;
    PrepareLoad(load, shell, attnums);
    table_close(shell, NoLock);
    MemoryContextSwitchTo(caller);
    return load;
}

extern "C" {

static void HerdShardCopyFailed(ErrorData* error, void* argument) {
    MapCopyErrorLines(error, &static_cast<Outstanding*>(argument)->map);
}
}

static int NodePosition(const ShardLoad* load, NodeId node) {
    for (int i = 0; i < load->node_count; i++)
        if (load->nodes[i]->id == node) return i;
    elog(ERROR, "node %d does not exist", node.value);
    pg_unreachable();
}

static Outstanding* MakeOutstanding(ShardLoad* load, const ShardBuffer* buffer) {
    auto outstanding = static_cast<Outstanding*>(MemoryContextAlloc(load->context, sizeof(Outstanding)));
    size_t size = sizeof(uint64) * buffer->line_count;
    auto lines = static_cast<uint64*>(MemoryContextAllocHuge(load->context, size));
    memcpy(lines, buffer->lines, size);
    outstanding->map = LineMap{load->schema_name, load->relation_name, buffer->line_count, lines};
    return outstanding;
}

static void FreeOutstanding(Outstanding* outstanding) {
    if (outstanding == nullptr) return;
    pfree(const_cast<uint64*>(outstanding->map.lines));
    pfree(outstanding);
}

static void SendToNode(ShardLoad* load, NodeId node, const char* statement, const ShardBuffer* buffer) {
    Outstanding* outstanding = MakeOutstanding(load, buffer);
    transaction::SendCopy(node, statement, buffer->data.data, buffer->data.len, HerdShardCopyFailed, outstanding);
    Outstanding** previous = &load->outstanding[NodePosition(load, node)];
    FreeOutstanding(*previous);
    *previous = outstanding;
}

static void CopyInProcess(const ShardLoad* load, const catalog::Shard* shard, const ShardBuffer* buffer) {
    LineMap map{load->schema_name, load->relation_name, buffer->line_count, buffer->lines};
    CopyToLocalShard(catalog::LocalShardRelation(load->table, shard->id), load->local_columns, load->local_options,
                     buffer->data.data, buffer->data.len, &map);
}

static void SendBuffer(ShardLoad* load, const catalog::Shard* shard, const ShardBuffer* buffer) {
    char* statement =
        ShardCopyStatement(load->format, catalog::ShardRelationName(load->table, shard->id), load->columns);
    // Remote ones first, so that those nodes work while this one does.
    for (int i = 0; i < shard->node_count; i++)
        if (shard->nodes[i] != kOwnNode) SendToNode(load, shard->nodes[i], statement, buffer);
    for (int i = 0; i < shard->node_count; i++)
        if (shard->nodes[i] == kOwnNode) CopyInProcess(load, shard, buffer);
}

static void EmptyBuffer(ShardLoad* load, ShardBuffer* buffer) {
    if (!load->whole_shards) buffer->flush_at = kFlushBytes;
    // With many shards the memory goes to another buffer.
    if (AllocatedBytes(buffer) * load->table->group->shard_count <= load->limit) {
        ResetBuffer(buffer);
        return;
    }
    load->buffered -= AllocatedBytes(buffer);
    FreeBuffer(buffer);
}

static void FlushShard(ShardLoad* load, int shard_index) {
    CHECK_FOR_INTERRUPTS();
    ShardBuffer* buffer = &load->buffers[shard_index];
    if (buffer->line_count == 0) return;
    EndCopyData(load->format, &buffer->data);
    MemoryContext caller = MemoryContextSwitchTo(load->flush_context);
    SendBuffer(load, &load->table->group->shards[shard_index], buffer);
    MemoryContextSwitchTo(caller);
    MemoryContextReset(load->flush_context);
    EmptyBuffer(load, buffer);
}

// The largest buffer of at least min_bytes, of shards whose first placement is on the node (null: any). -1 if there is none.
static int FindLargest(const ShardLoad* load, const catalog::NodeInfo* node, int min_bytes) {
    int largest = -1;
    for (int i = 0; i < load->table->group->shard_count; i++) {
        if (node != nullptr && load->table->group->shards[i].nodes[0] != node->id) continue;
        if (load->buffers[i].data.len < min_bytes) continue;
        if (largest < 0 || load->buffers[i].data.len > load->buffers[largest].data.len) largest = i;
    }
    return largest;
}

// Sending waits until the node has done what it got before. So nodes take turns, and the full buffer has to wait a
// little if it isn't its node's: each node works while the others are served.
static int ChooseShard(ShardLoad* load, int full_shard) {
    if (load->buffers[full_shard].data.len >= 4 * kFlushBytes) return full_shard;
    for (int i = 0; i < load->node_count; i++) {
        int node = (load->next_node + i) % load->node_count;
        int shard_index = FindLargest(load, load->nodes[node], kFlushBytes / 2);
        if (shard_index < 0) continue;
        load->next_node = node + 1;
        return shard_index;
    }
    return full_shard;
}

// Adds one row, which counts as line_count lines on the node, by append(data), and sends what has become too large.
template <class Append>
static void AddToShard(ShardLoad* load, int shard_index, uint64 line, int line_count, Append append) {
    ShardBuffer* buffer = &load->buffers[shard_index];
    MemoryContext caller = MemoryContextSwitchTo(load->context);
    size_t before = AllocatedBytes(buffer);
    ReserveBuffer(buffer);
    if (buffer->line_count == 0) BeginCopyData(load->format, &buffer->data);
    append(&buffer->data);
    for (int i = 0; i < line_count; i++) AddLine(buffer, line);
    load->buffered += AllocatedBytes(buffer) - before;
    load->rows++;
    if (buffer->data.len >= buffer->flush_at) FlushShard(load, ChooseShard(load, shard_index));
    if (load->buffered > load->limit) FlushShard(load, FindLargest(load, nullptr, 0));
    MemoryContextSwitchTo(caller);
}

int ShardIndexOfRow(const catalog::DistributedTable* table, const Datum* values, const bool* nulls) {
    if (table->is_reference()) return 0;
    int key = table->key_attno - 1;
    return catalog::ShardIndexOfValue(table, table->key_type, values[key], nulls[key]);
}

void AddRow(ShardLoad* load, const Datum* values, const bool* nulls, uint64 line) {
    int shard_index = ShardIndexOfRow(load->table, values, nulls);
    AddToShard(load, shard_index, line, 1, [&](StringInfo out) { EncodeRow(load->encoder, out, values, nulls); });
}

// How many lines COPY counts for one row of CSV with line ends in quotes. It looks for newlines, but as long as
// it hasn't seen the first line's end for carriage returns.
static int CountCsvLines(const char* text, size_t length, bool is_first) {
    int count = 1;
    const char* end = text + length;
    while ((text = static_cast<const char*>(memchr(text, is_first ? '\r' : '\n', end - text))) != nullptr) {
        count++;
        text++;
    }
    return count;
}

void AddRawLine(ShardLoad* load, int shard_index, const char* text, size_t length, uint64 line) {
    int line_count = 1;
    if (load->format.encoding == CopyEncoding::kCsv)
        line_count = CountCsvLines(text, length, load->buffers[shard_index].line_count == 0);
    AddToShard(load, shard_index, line, line_count, [&](StringInfo out) {
        appendBinaryStringInfo(out, text, static_cast<int>(length));
        appendStringInfoChar(out, '\n');
    });
}

uint64 FinishShardLoad(ShardLoad* load) {
    MemoryContext caller = MemoryContextSwitchTo(load->context);
    for (int i = 0; i < load->table->group->shard_count; i++) FlushShard(load, i);
    transaction::FinishCopies();
    MemoryContextSwitchTo(caller);
    uint64 rows = load->rows;
    MemoryContextDelete(load->context);
    return rows;
}

}  // namespace herd::operations
