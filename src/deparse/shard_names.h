// From a definition's text that names the shell to the shard's.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"

namespace herd::deparse {

// Puts the shard relation in where the text names the table, and the shard relations of the same index, or the copies of
// reference tables, where it names other distributed tables. text: see MakeTemplate.
char* NameShardRelations(const char* text, const catalog::DistributedTable* table, int shard_index);

// "schema"."name" in the schema of the shard.
char* NameInShardSchema(const catalog::DistributedTable* table, ShardId shard, const char* name);

int ShardIndex(const catalog::DistributedTable* table, ShardId shard);

}  // namespace herd::deparse
