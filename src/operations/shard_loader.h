// Loading many rows into the shards of a table, inside the running transaction: a buffer for each shard, sent as complete COPYs
// of about half a megabyte to every placement of the shard; own-node placements are filled in process.
//
// Errors (constraints, types, connections) may come up in any of these functions, for rows added long before; they carry the
// line of the input that each row was said to come from. Nothing needs to be cleaned up after an error.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"
#include "operations/shard_copy_format.h"

namespace herd::operations {

struct ShardLoad;

// attnums: which columns the rows have (int list; generated columns must not be among them). The others become NULL: shard
// relations have no defaults.
ShardLoad* BeginShardLoad(const catalog::DistributedTable* table, List* attnums);

// Index into the group's shards. values and nulls are indexed by attribute number - 1.
int ShardIndexOfRow(const catalog::DistributedTable* table, const Datum* values, const bool* nulls);

// Routes the row by its key. line: 0 if the row comes from no input file.
void AddRow(ShardLoad* load, const Datum* values, const bool* nulls, uint64 line = 0);

// For rows that are COPY lines already, in the given format and the server's encoding: one line without its end.
ShardLoad* BeginLineLoad(const catalog::DistributedTable* table, List* attnums, const ShardCopyFormat& format);
void AddRawLine(ShardLoad* load, int shard_index, const char* text, size_t length, uint64 line);

// Sends what is left and waits until all nodes have taken it. Returns the number of rows added. Frees the load.
uint64 FinishShardLoad(ShardLoad* load);

}  // namespace herd::operations
