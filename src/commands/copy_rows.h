// The two ways in which COPY's input becomes rows of shards.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"
#include "operations/shard_copy_format.h"

extern "C" {
#include <commands/copy.h>
}

namespace herd::commands {

// Both read the input to its end and return the number of rows. `input` was begun on the shell.

// For text and CSV where nothing has to be computed here: see CanCopyLines.
uint64 CopyLines(CopyFromState input, const catalog::DistributedTable* table);
bool CanCopyLines(CopyFromState input, const catalog::DistributedTable* table);

// Do nodes read the lines' text as this server would? words_apart: lines with words like "now" in them are kept apart.
bool CanNodesReadLines(CopyFromState input, const catalog::DistributedTable* table, bool words_apart);

// words[i] becomes true for fields whose words are read here.
void FindFieldsWithWords(CopyFromState input, const catalog::DistributedTable* table, bool* words);

// How lines of the input must be read by a shard's COPY.
operations::ShardCopyFormat LineFormat(const CopyFormatOptions& options);

// For everything else.
uint64 CopyValues(CopyFromState input, const catalog::DistributedTable* table);

}  // namespace herd::commands
